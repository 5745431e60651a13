"""Every page of pickups and the permission it needs: a clerk's daily work, a manager's settings."""

from admin import cases, flow, hygiene, items, labels, pickups, points, stock, upkeep
from kiosk.app import Route
from kiosk.staff.permissions import EDIT_PICKUPS, HANDLE_PICKUPS

_DAILY = (
    Route("GET", "/admin/pickups", pickups.show, HANDLE_PICKUPS),
    Route("GET", "/admin/pickups/live", pickups.live, HANDLE_PICKUPS),
    Route("GET", "/admin/pickups/card", pickups.card, HANDLE_PICKUPS),
    Route("GET", "/admin/pickups/lists", pickups.lists, HANDLE_PICKUPS),
    Route("POST", "/admin/pickups", pickups.collect, HANDLE_PICKUPS, body=pickups.CodeForm),
    Route("GET", "/admin/pickups/items/<int:item>", items.show, HANDLE_PICKUPS),
    *(
        Route("POST", f"/admin/pickups/items/<int:item>/{word}", view, HANDLE_PICKUPS, body=body)
        for word, view, body in (
            ("hand-over", items.hand_over, items.WhyForm),
            ("remind", items.remind, items.BackForm),
            ("move", items.move, items.MoveForm),
            ("give-back", items.give_back, items.WhyForm),
            ("dispose", items.dispose, items.DisposeForm),
            ("report", items.report, items.ReportForm),
            ("store", items.store, items.BackForm),
            ("release", items.release, items.BackForm),
        )
    ),
    Route("GET", "/admin/pickups/cases", cases.index, HANDLE_PICKUPS),
    Route("GET", "/admin/pickups/cases/<int:case>", cases.show, HANDLE_PICKUPS),
    Route(
        "POST",
        "/admin/pickups/cases/<int:case>/close",
        cases.close,
        HANDLE_PICKUPS,
        body=cases.CloseForm,
    ),
    Route(
        "POST",
        "/admin/pickups/cases/<int:case>/put-back",
        cases.put_back,
        HANDLE_PICKUPS,
        body=cases.PutBackForm,
    ),
    Route("GET", "/admin/pickups/flow", flow.show, HANDLE_PICKUPS),
    Route("GET", "/admin/pickups/hygiene", hygiene.show, HANDLE_PICKUPS),
    Route(
        "POST",
        "/admin/pickups/hygiene/<point>",
        hygiene.tick,
        HANDLE_PICKUPS,
        body=hygiene.TickForm,
    ),
    Route("GET", "/admin/pickups/stock", stock.index, HANDLE_PICKUPS),
    Route("POST", "/admin/pickups/stock", stock.begin, HANDLE_PICKUPS, body=stock.BeginForm),
    Route("GET", "/admin/pickups/stock/<int:take>", stock.show, HANDLE_PICKUPS),
    *(
        Route("POST", f"/admin/pickups/stock/<int:take>/{word}", view, HANDLE_PICKUPS, body=body)
        for word, view, body in (
            ("count", stock.count, stock.CountForm),
            ("scan", stock.scan, stock.ScanForm),
            ("extra", stock.add_extra, stock.ExtraForm),
            ("end", stock.end, None),
        )
    ),
)

_POINT = "/admin/pickups/points/<point>"
_SETTINGS = (
    Route("GET", "/admin/pickups/points", points.index, EDIT_PICKUPS),
    Route("POST", "/admin/pickups/points", points.add, EDIT_PICKUPS, body=points.NewPointForm),
    Route("GET", _POINT, points.show, EDIT_PICKUPS),
    *(
        Route("POST", f"{_POINT}{word}", view, EDIT_PICKUPS, body=body)
        for word, view, body in (
            ("", points.save, points.PointForm),
            ("/pause", points.pause, points.PauseForm),
            ("/resume", points.resume, None),
            ("/renew", points.renew, None),
            ("/places", points.add_places, points.PlacesForm),
            ("/places/change", points.change_places, points.ChangeForm),
            ("/places/<int:place>", points.switch_place, points.PlaceForm),
            ("/plans", points.add_plan, points.PlanForm),
            ("/plans/<int:plan>", points.save_plan, points.CapacityForm),
            ("/plans/<int:plan>/remove", points.remove_plan, None),
        )
    ),
    Route("GET", f"{_POINT}/labels.pdf", labels.places, EDIT_PICKUPS),
    Route("GET", f"{_POINT}/poster.pdf", labels.show_poster, EDIT_PICKUPS),
    Route("GET", "/admin/pickups/rules", upkeep.show, EDIT_PICKUPS),
    *(
        Route("POST", f"/admin/pickups/{word}", view, EDIT_PICKUPS, body=body)
        for word, view, body in (
            ("rules", upkeep.save, upkeep.RulesForm),
            ("notify", upkeep.set_address, upkeep.NotifyForm),
            ("passes", upkeep.give_pass, upkeep.PassForm),
            ("passes/<int:held>/revoke", upkeep.revoke_pass, None),
        )
    ),
)

PICKUPS = _DAILY + _SETTINGS
