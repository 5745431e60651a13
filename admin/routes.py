"""Every staff page and the permission it needs."""

from flask import Flask

from admin import (
    accuracy,
    appointments,
    catalog,
    changes,
    counters,
    desk,
    devices,
    forms,
    guides,
    messages,
    notices,
    offers,
    overview,
    printers,
    queues,
    rota,
    seats,
    services,
    signin,
    slips,
    staff,
    stations,
    today,
    uploads,
    verbs,
    versions,
    voice,
    volunteers,
    words,
)
from admin.pickup_routes import PICKUPS
from kiosk.access import PUBLIC
from kiosk.app import Route
from kiosk.staff.permissions import (
    CALL,
    CHANGE_PASSWORD,
    EDIT_CATALOG,
    EDIT_NOTICES,
    EDIT_STAFF,
    EDIT_STATION,
    PAIR_DEVICES,
    PUBLISH,
    SIGNED_IN,
)

_SIGN_IN = (
    Route("GET", "/admin/sign-in", signin.show, PUBLIC),
    Route(
        "POST",
        "/admin/sign-in",
        signin.enter,
        PUBLIC,
        body=signin.SignInForm,
        limit="10 per minute",
    ),
    Route("POST", "/admin/sign-out", signin.leave, CHANGE_PASSWORD),
    Route("GET", "/admin/password", signin.show_password, CHANGE_PASSWORD),
    Route(
        "POST",
        "/admin/password",
        signin.change_password,
        CHANGE_PASSWORD,
        body=signin.PasswordForm,
        limit="10 per minute",
    ),
)

_DESK = (
    Route("GET", "/admin/desk", desk.show, CALL),
    Route("GET", "/admin/desk/window", desk.window, CALL),
    Route("POST", "/admin/desk/sit", desk.sit, CALL, body=desk.SeatForm),
    Route("POST", "/admin/desk/stand", desk.stand, CALL),
    *(
        Route("POST", f"/admin/desk/{word}", view, CALL, body=desk.VerbForm)
        for word, view in (
            ("call-next", desk.call_next),
            ("recall", desk.recall),
            ("start", desk.start),
            ("finish", desk.finish),
            ("no-show", desk.no_show),
            ("resume", desk.resume),
            ("hold", verbs.hold),
            ("undo", verbs.undo),
        )
    ),
    Route("POST", "/admin/desk/call", verbs.call, CALL, body=verbs.CallForm),
    Route("POST", "/admin/desk/transfer", verbs.transfer, CALL, body=verbs.GoalForm),
    Route("POST", "/admin/desk/services", verbs.add_service, CALL, body=verbs.AddForm),
    Route("POST", "/admin/desk/outcome", verbs.finish, CALL, body=verbs.OutcomeForm),
    Route("POST", "/admin/desk/pause", verbs.pause, CALL, body=verbs.PauseForm),
    Route("GET", "/admin/desk/services", verbs.services, CALL, query=verbs.SearchForm),
    Route("GET", "/admin/desk/people", verbs.people, CALL),
    Route("POST", "/admin/desk/messages", messages.send, CALL, body=messages.MessageForm),
    Route("POST", "/admin/desk/messages/<int:message>/read", messages.read, CALL),
)

_SERVICE = (
    Route("GET", "/admin/services/new", services.begin, EDIT_CATALOG),
    Route("POST", "/admin/services/new", services.add, EDIT_CATALOG),
    Route("POST", "/admin/services/check", services.check, EDIT_CATALOG, body=forms.CollectForm),
    Route("GET", "/admin/services/<code>", guides.show, EDIT_CATALOG),
    Route(
        "POST", "/admin/services/<code>", guides.save, EDIT_CATALOG, largest=guides.LARGEST_GUIDE
    ),
    Route("POST", "/admin/services/<code>/answer", guides.answer, PUBLISH),
    Route("POST", "/admin/services/<code>/reopen", guides.reopen, EDIT_CATALOG),
    Route("GET", "/admin/services/<code>/facts", services.show, EDIT_CATALOG),
    Route("POST", "/admin/services/<code>/facts", services.change, EDIT_CATALOG),
    Route("POST", "/admin/services/<code>/times", services.times, EDIT_CATALOG),
    Route("GET", "/admin/services/<code>/history", services.history, EDIT_CATALOG),
    Route("GET", "/admin/services/<code>/versions", versions.index, EDIT_CATALOG),
    Route(
        "POST",
        "/admin/services/<code>/versions/<int:number>/restore",
        versions.restore,
        EDIT_CATALOG,
    ),
    Route("POST", "/admin/services/<code>/versions/<int:number>/drop", versions.drop, EDIT_CATALOG),
)

_STATION = (
    Route("GET", "/admin/", overview.show, SIGNED_IN),
    Route("GET", "/admin/live", overview.live, SIGNED_IN),
    Route("POST", "/admin/station/choose", stations.choose, SIGNED_IN, body=forms.ChooseForm),
    Route("GET", "/admin/station", stations.show, EDIT_STATION),
    Route("POST", "/admin/station", stations.save, EDIT_STATION, body=forms.StationForm),
    Route("GET", "/admin/accuracy", accuracy.show, EDIT_STATION),
    Route("GET", "/admin/queues", queues.index, EDIT_STATION),
    Route("POST", "/admin/queues", queues.add, EDIT_STATION, body=forms.NewQueueForm),
    Route("POST", "/admin/queues/<letter>", queues.save, EDIT_STATION, body=forms.QueueForm),
    Route("GET", "/admin/queues/<letter>/rules", queues.rules, EDIT_STATION),
    Route(
        "POST",
        "/admin/queues/<letter>/rules",
        queues.set_rules,
        EDIT_STATION,
        body=forms.RulesForm,
    ),
    Route(
        "POST", "/admin/station/calling", stations.set_calling, EDIT_STATION, body=forms.CallingForm
    ),
    Route("POST", "/admin/station/closures", stations.shut, EDIT_STATION, body=forms.ClosureForm),
    Route(
        "POST",
        "/admin/station/closures/<int:closure>/remove",
        stations.open_again,
        EDIT_STATION,
    ),
    Route("GET", "/admin/counters", counters.index, EDIT_STATION),
    Route("POST", "/admin/counters", counters.add, EDIT_STATION, body=forms.NewCounterForm),
    Route(
        "POST",
        "/admin/counters/<int:number>",
        counters.save,
        EDIT_STATION,
        body=forms.CounterForm,
    ),
    Route("GET", "/admin/counters/<int:number>/now", seats.show, EDIT_STATION),
    Route(
        "POST", "/admin/counters/<int:number>/seat", seats.seat, EDIT_STATION, body=seats.SeatForm
    ),
    Route(
        "POST", "/admin/counters/<int:number>/work", seats.work, EDIT_STATION, body=seats.WorkForm
    ),
    Route("POST", "/admin/counters/<int:number>/release", seats.release, EDIT_STATION),
    Route("GET", "/admin/today", today.show, EDIT_STATION),
    Route("POST", "/admin/today/close", today.close, EDIT_STATION),
    Route("POST", "/admin/today/reopen", today.reopen, EDIT_STATION),
    Route("GET", "/admin/services", catalog.index, EDIT_CATALOG),
    Route("POST", "/admin/services/switch", catalog.switch, EDIT_CATALOG, body=forms.SwitchForm),
    Route("GET", "/admin/services/<code>/offer", offers.show, EDIT_CATALOG),
    Route("POST", "/admin/services/<code>/offer", offers.save, EDIT_CATALOG, body=forms.OfferForm),
    Route("POST", "/admin/changes", changes.collect, EDIT_CATALOG, body=forms.CollectForm),
    Route("GET", "/admin/changes/<int:change>", changes.show, EDIT_CATALOG),
    Route(
        "POST",
        "/admin/changes/<int:change>/wish",
        changes.choose,
        EDIT_CATALOG,
        body=forms.WishForm,
    ),
    Route("POST", "/admin/changes/<int:change>", changes.apply, EDIT_CATALOG, body=forms.SeenForm),
    Route("GET", "/admin/uploads", uploads.index, EDIT_CATALOG),
    Route("POST", "/admin/uploads", uploads.add, EDIT_CATALOG, largest=uploads.LARGEST_FILE),
    Route("GET", "/admin/uploads/<int:upload>", uploads.show, EDIT_CATALOG),
    Route("POST", "/admin/uploads/<int:upload>", uploads.apply, EDIT_CATALOG, body=forms.SeenForm),
    Route("POST", "/admin/uploads/<int:upload>/again", uploads.again, EDIT_CATALOG),
    Route("GET", "/admin/uploads/services.csv", uploads.export_csv, EDIT_CATALOG),
    Route("GET", "/admin/uploads/services.xlsx", uploads.export_xlsx, EDIT_CATALOG),
    Route("GET", "/admin/uploads/services.json", uploads.export_hsds, EDIT_CATALOG),
    Route("GET", "/admin/services/words", words.index, EDIT_CATALOG),
    Route("POST", "/admin/services/words", words.add, EDIT_CATALOG, body=forms.SynonymForm),
    Route(
        "POST",
        "/admin/services/words/remove",
        words.remove,
        EDIT_CATALOG,
        body=forms.SynonymForm,
    ),
    Route("GET", "/admin/staff", staff.index, EDIT_STAFF),
    Route("POST", "/admin/staff", staff.hire, EDIT_STAFF, body=forms.NewMemberForm),
    Route("POST", "/admin/staff/<int:member>", staff.change, EDIT_STAFF, body=forms.MemberForm),
    Route("POST", "/admin/staff/<int:member>/reset", staff.reset, EDIT_STAFF),
    Route("GET", "/admin/devices", devices.index, PAIR_DEVICES),
    Route("POST", "/admin/devices", devices.pair, PAIR_DEVICES, body=forms.PairForm),
    Route("POST", "/admin/devices/<int:device>/revoke", devices.revoke, PAIR_DEVICES),
    Route("POST", "/admin/devices/<int:device>/link", devices.link, PAIR_DEVICES),
)

_ROTA = (
    Route("GET", "/admin/rota", rota.index, EDIT_STATION),
    Route("GET", "/admin/rota/<int:number>/<when>", rota.show, EDIT_STATION),
    Route("POST", "/admin/rota/<int:number>/<when>", rota.save, EDIT_STATION, body=rota.ShiftsForm),
    Route("POST", "/admin/rota/<int:number>/<when>/drop", rota.drop, EDIT_STATION),
)

_APPOINTMENTS = (
    Route("GET", "/admin/appointments", appointments.index, CALL),
    Route("GET", "/admin/appointments/plan", appointments.plan, EDIT_STATION),
    Route(
        "POST",
        "/admin/appointments/plan",
        appointments.add,
        EDIT_STATION,
        body=appointments.PlanForm,
    ),
    Route(
        "POST",
        "/admin/appointments/plan/<int:plan>",
        appointments.save,
        EDIT_STATION,
        body=appointments.CapacityForm,
    ),
    Route(
        "POST",
        "/admin/appointments/check-in",
        appointments.set_check_in,
        EDIT_STATION,
        body=appointments.CheckInForm,
    ),
    Route("POST", "/admin/appointments/plan/<int:plan>/remove", appointments.remove, EDIT_STATION),
)

_VOLUNTEERS = (
    Route("GET", "/admin/volunteers", volunteers.index, EDIT_STATION),
    Route("POST", "/admin/volunteers", volunteers.add, EDIT_STATION, body=volunteers.ShiftForm),
    Route("POST", "/admin/volunteers/series/<int:series>/stop", volunteers.stop, EDIT_STATION),
    Route("GET", "/admin/volunteers/hours", volunteers.hours, EDIT_STATION),
    Route("GET", "/admin/volunteers/hours.csv", volunteers.export, EDIT_STATION),
    Route("GET", "/admin/volunteers/<int:shift>", volunteers.show, EDIT_STATION),
    Route(
        "POST",
        "/admin/volunteers/<int:shift>",
        volunteers.change,
        EDIT_STATION,
        body=volunteers.WhereForm,
    ),
    Route(
        "POST",
        "/admin/volunteers/<int:shift>/call-off",
        volunteers.call_off,
        EDIT_STATION,
        body=volunteers.ReasonForm,
    ),
    Route(
        "POST",
        "/admin/volunteers/<int:shift>/people/<int:entry>/remove",
        volunteers.remove,
        EDIT_STATION,
        body=volunteers.ReasonForm,
    ),
)

_SCREENS = (
    Route("GET", "/admin/devices/<int:device>", devices.show, PAIR_DEVICES),
    Route(
        "POST", "/admin/devices/<int:device>", devices.save, PAIR_DEVICES, body=devices.ScreenForm
    ),
    Route("GET", "/admin/devices/<int:device>/printer", printers.show, PAIR_DEVICES),
    Route(
        "POST",
        "/admin/devices/<int:device>/printer",
        printers.save,
        PAIR_DEVICES,
        body=printers.PrinterForm,
    ),
    Route("POST", "/admin/devices/<int:device>/printer/test", printers.test, PAIR_DEVICES),
    Route("GET", "/admin/devices/<int:device>/printer/live", printers.live, PAIR_DEVICES),
    Route("GET", "/admin/slips", slips.index, CALL),
    Route("POST", "/admin/slips", slips.save, EDIT_STATION, body=slips.SlipForm),
    Route("POST", "/admin/slips/<int:job>/again", slips.again, CALL),
    Route("GET", "/admin/slips/preview", slips.preview, CALL, query=slips.PreviewQuery),
    Route("GET", "/admin/notices", notices.index, EDIT_NOTICES),
    Route("POST", "/admin/notices", notices.put_up, EDIT_NOTICES, body=notices.NoticeForm),
    Route("GET", "/admin/notices/<int:notice>", notices.show, EDIT_NOTICES),
    Route(
        "POST", "/admin/notices/<int:notice>", notices.change, EDIT_NOTICES, body=notices.NoticeForm
    ),
    Route("POST", "/admin/notices/<int:notice>/end", notices.take_down, EDIT_NOTICES),
    Route("GET", "/admin/voice", voice.index, EDIT_STATION),
    Route(
        "POST",
        "/admin/voice/<language>/<piece>",
        voice.record,
        EDIT_STATION,
        largest=voice.LARGEST_FILE,
    ),
    Route("POST", "/admin/voice/<language>/<piece>/remove", voice.remove, EDIT_STATION),
)

ROUTES = (
    _SIGN_IN
    + _DESK
    + _SERVICE
    + _STATION
    + _ROTA
    + _APPOINTMENTS
    + PICKUPS
    + _VOLUNTEERS
    + _SCREENS
)


def register(app: Flask) -> None:
    """Add nothing: the staff's face is pages only."""
