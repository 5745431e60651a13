"""Every visitor's page and every call of the API, as one table."""

from functools import partial

from flask import Flask

from kiosk import health, live, metrics, openapi, sweeper
from kiosk.access import PUBLIC, VISITOR
from kiosk.app import Route, in_app
from kiosk.appointments import api as appointments_api
from kiosk.appointments import views as appointments
from kiosk.appointments.forms import BookForm, ScannedForm, SlotForm, SlotsQuery
from kiosk.catalog.commands import catalog
from kiosk.home import api as home_api
from kiosk.home import views as home
from kiosk.home.forms import SearchedForm
from kiosk.notices import views as notices
from kiosk.pickups import api as pickups_api
from kiosk.pickups import forms as pickup_forms
from kiosk.pickups.views import booking, collecting, dropping, mine
from kiosk.printing import views as printing
from kiosk.screens import api as screens_api
from kiosk.screens import views as screens
from kiosk.screens.forms import BoardQuery
from kiosk.setup import migrate_command, setup_command
from kiosk.staff.commands import staff
from kiosk.staff.permissions import CALL, READ_METRICS
from kiosk.stations import views as stations
from kiosk.stations.commands import stations as stations_commands
from kiosk.tickets import api as tickets_api
from kiosk.tickets import views as tickets
from kiosk.tickets.commands import tickets as tickets_commands
from kiosk.tickets.forms import CallForm, FinishForm, ServiceForm, TakeForm, TransferForm
from kiosk.topics import snapshots
from kiosk.voice import views as voice
from kiosk.volunteers import forms as shift_forms
from kiosk.volunteers.views import duty, shifts
from kiosk.volunteers.views import mine as volunteer

_PAGES = (
    Route("GET", "/", home.index, PUBLIC),
    Route("GET", "/s/<station>/", home.show, PUBLIC),
    Route("GET", "/s/<station>/presence", home.presence, PUBLIC),
    Route("GET", "/s/<station>/domains/<domain>", home.domain, PUBLIC),
    Route("GET", "/s/<station>/categories/<code>", home.category, PUBLIC),
    Route("GET", "/s/<station>/services", home.services, PUBLIC),
    Route("GET", "/s/<station>/services/<code>", home.service, PUBLIC),
    Route("GET", "/s/<station>/index", home.letters, PUBLIC),
    Route("GET", "/s/<station>/words.json", home.words, PUBLIC),
    Route(
        "POST",
        "/s/<station>/searched",
        home.searched,
        PUBLIC,
        body=SearchedForm,
        limit="60 per minute",
    ),
    Route("GET", "/s/<station>/events", home.events, PUBLIC),
    Route("GET", "/s/<station>/events/<code>", home.event, PUBLIC),
    Route("GET", "/s/<station>/bundles", home.bundles, PUBLIC),
    Route("GET", "/s/<station>/bundles/<code>", home.bundle, PUBLIC),
    Route("GET", "/s/<station>/notices", notices.index, PUBLIC),
    Route("GET", "/c/<token>", home.checklist, PUBLIC),
    Route("POST", "/s/<station>/end", home.end, PUBLIC),
    Route("GET", "/s/<station>/board", screens.board, PUBLIC, query=BoardQuery),
    Route("GET", "/s/<station>/screen.json", screens.screen, PUBLIC, query=BoardQuery),
    Route("GET", "/s/<station>/voice/<language>/<name>", voice.piece, PUBLIC),
    Route("GET", "/s/<station>/take", tickets.choose, PUBLIC),
    Route("POST", "/s/<station>/tickets", printing.take, VISITOR, body=TakeForm),
    Route("GET", "/s/<station>/tickets/<token>", tickets.taken, PUBLIC),
    Route("GET", "/s/<station>/tickets/<token>/slip", printing.slip, PUBLIC),
    Route("POST", "/s/<station>/tickets/<token>/slip", printing.again, PUBLIC),
    Route("GET", "/t/<token>", tickets.show, PUBLIC),
    Route("POST", "/t/<token>/cancel", tickets.cancel, PUBLIC),
    Route("POST", "/t/<token>/postpone", tickets.postpone, PUBLIC),
    Route("POST", "/t/<token>/rejoin", tickets.rejoin, PUBLIC),
    Route("GET", "/pair", stations.pair, PUBLIC),
    Route("POST", "/pair", stations.start_pairing, PUBLIC, limit="10 per minute"),
    Route("GET", "/pair/state", stations.pairing_state, PUBLIC),
    Route("POST", "/pair/finish", stations.finish_pairing, PUBLIC),
    Route("GET", "/pair/<token>", stations.adopt, PUBLIC),
    Route("POST", "/pair/<token>", stations.finish_adoption, PUBLIC),
    Route("GET", "/ui-kit", screens.kit, PUBLIC),
    Route("GET", "/healthz", health.alive, PUBLIC),
    Route("GET", "/readyz", health.ready, PUBLIC),
    Route("GET", "/metrics", metrics.show, READ_METRICS),
)

_APPOINTMENTS = (
    Route("GET", "/s/<station>/services/<code>/times", appointments.choose, PUBLIC),
    Route(
        "POST",
        "/s/<station>/appointments",
        appointments.book,
        PUBLIC,
        body=BookForm,
        limit="20 per minute",
        spares_devices=True,
    ),
    Route("GET", "/s/<station>/appointments/<token>", appointments.booked, PUBLIC),
    Route("GET", "/s/<station>/check-in", appointments.arrive, PUBLIC),
    Route("POST", "/s/<station>/check-in", appointments.scan, VISITOR, body=ScannedForm),
    Route("GET", "/b/<token>", appointments.show, PUBLIC),
    Route("GET", "/b/<token>.ics", appointments.file, PUBLIC),
    Route("GET", "/b/<token>/move", appointments.choose_again, PUBLIC),
    Route("POST", "/b/<token>/move", appointments.move, PUBLIC, body=SlotForm),
    Route("POST", "/b/<token>/cancel", appointments.cancel, PUBLIC),
    Route("POST", "/b/<token>/check-in", appointments.check_in, PUBLIC),
)

_PICKUPS = (
    Route("GET", "/s/<station>/pickup", booking.start, PUBLIC),
    Route(
        "GET",
        "/s/<station>/pickup/<kind>",
        booking.choose,
        PUBLIC,
        query=pickup_forms.ChoiceQuery,
    ),
    Route("POST", "/s/<station>/pickup", booking.book, VISITOR, body=pickup_forms.VisitForm),
    Route("GET", "/s/<station>/pickup/booked/<token>", booking.booked, PUBLIC),
    Route(
        "GET",
        "/s/<station>/collect",
        collecting.show,
        PUBLIC,
        query=pickup_forms.CourierQuery,
    ),
    Route("POST", "/s/<station>/collect", collecting.collect, PUBLIC, body=pickup_forms.TypedForm),
    Route("GET", "/s/<station>/collect/unbooked", collecting.unbooked, PUBLIC),
    Route(
        "POST",
        "/s/<station>/collect/unbooked",
        collecting.ask,
        PUBLIC,
        body=pickup_forms.TailForm,
    ),
    Route("GET", "/s/<station>/drop", dropping.show, PUBLIC, query=pickup_forms.CourierQuery),
    Route("POST", "/s/<station>/drop", dropping.bring, PUBLIC, body=pickup_forms.BringForm),
    Route("POST", "/s/<station>/drop/leave", dropping.leave, PUBLIC, body=pickup_forms.LeaveForm),
    Route("GET", "/s/<station>/drop/many", dropping.places, PUBLIC, query=pickup_forms.TagsForm),
    Route("POST", "/s/<station>/drop/many", dropping.store_all, PUBLIC, body=pickup_forms.TagsForm),
    Route("GET", "/s/<station>/drop/<tag>", dropping.place, PUBLIC),
    Route("POST", "/s/<station>/drop/<tag>/store", dropping.store, PUBLIC),
    Route("POST", "/s/<station>/drop/<tag>/undo", dropping.undo, PUBLIC),
    Route("GET", "/p/<token>", mine.show, PUBLIC),
    Route("POST", "/p/<token>/collect", mine.collect, PUBLIC),
    Route("POST", "/p/<token>/cancel", mine.cancel, PUBLIC),
    Route("POST", "/p/<token>/accept", mine.accept, PUBLIC),
    Route("POST", "/p/<token>/consent", mine.agree, PUBLIC, body=pickup_forms.AgreeForm),
    Route("POST", "/p/<token>/proxy", mine.proxy, PUBLIC, body=pickup_forms.ProxyForm),
    Route("POST", "/p/<token>/report", mine.report, PUBLIC, body=pickup_forms.ReportForm),
    Route("POST", "/p/<token>/details", mine.details, PUBLIC, body=pickup_forms.DetailsForm),
    Route("POST", "/p/<token>/repeat", mine.repeat, PUBLIC),
    Route("GET", "/p/repeat/<token>", mine.series, PUBLIC),
    Route("POST", "/p/repeat/<token>/stop", mine.stop, PUBLIC),
)

_SHIFTS = "/s/<station>/volunteer"
_MINE = "/v/<token>"
_ENTRY = f"{_MINE}/shifts/<int:entry>"

_VOLUNTEERS = (
    Route("GET", _SHIFTS, shifts.index, PUBLIC),
    Route("GET", f"{_SHIFTS}/<int:shift>", shifts.show, PUBLIC),
    Route(
        "POST",
        f"{_SHIFTS}/<int:shift>",
        shifts.sign_up,
        PUBLIC,
        body=shift_forms.SignUpForm,
        limit="20 per minute",
        spares_devices=True,
    ),
    Route("GET", f"{_SHIFTS}/offers/<offer>", shifts.offered, PUBLIC),
    Route("GET", f"{_SHIFTS}/signed/<token>", shifts.signed, PUBLIC),
    Route("GET", f"{_SHIFTS}/check-in", shifts.arrive, PUBLIC, query=shift_forms.PointQuery),
    Route("POST", f"{_SHIFTS}/check-in", shifts.read, VISITOR, body=shift_forms.ReadForm),
    Route("GET", _MINE, volunteer.show, PUBLIC),
    Route("POST", _MINE, volunteer.introduce, PUBLIC, body=shift_forms.AboutForm),
    Route("POST", f"{_MINE}/forget", volunteer.forget, PUBLIC),
    Route("GET", _ENTRY, volunteer.shift, PUBLIC),
    Route("GET", f"{_ENTRY}.ics", volunteer.file, PUBLIC),
    *(
        Route("POST", f"{_ENTRY}/{word}", view, PUBLIC)
        for word, view in (
            ("cancel", volunteer.cancel),
            ("offer", volunteer.offer),
            ("keep", volunteer.keep),
            ("seen", volunteer.seen),
            ("check-out", volunteer.check_out),
        )
    ),
    Route("POST", f"{_ENTRY}/check-in", volunteer.check_in, PUBLIC, body=shift_forms.CheckInForm),
    Route("GET", f"{_MINE}/now", duty.live, PUBLIC),
    Route("POST", f"{_MINE}/carry", duty.carry, PUBLIC, body=shift_forms.CarryForm),
    Route("POST", f"{_MINE}/undo", duty.undo, PUBLIC),
    Route(
        "POST",
        f"{_MINE}/hand-unbooked",
        duty.hand_unbooked,
        PUBLIC,
        body=shift_forms.TagForm,
    ),
    Route(
        "POST", f"{_MINE}/scan", duty.scan, PUBLIC, body=shift_forms.ReadForm, limit="60 per minute"
    ),
)

_V1 = "/api/v1"
_STATION = f"{_V1}/stations/<station>"
_COUNTER = f"{_STATION}/counters/<int:counter>"

_API = (
    Route("GET", f"{_V1}/openapi.json", openapi.show, PUBLIC, answer=dict),
    Route("GET", f"{_V1}/stations", home_api.index, PUBLIC, answer=home_api.StationsAnswer),
    Route("GET", _STATION, home_api.show, PUBLIC, answer=home_api.StationAnswer),
    Route(
        "GET",
        f"{_STATION}/services",
        home_api.results,
        PUBLIC,
        query=home_api.SearchQuery,
        answer=home_api.ServicesAnswer,
    ),
    Route("GET", f"{_STATION}/bundles", home_api.bundles, PUBLIC, answer=home_api.BundlesAnswer),
    Route("GET", f"{_V1}/services/<code>", home_api.guide, PUBLIC, answer=home_api.ServiceAnswer),
    Route(
        "POST",
        f"{_STATION}/tickets",
        tickets_api.take,
        VISITOR,
        body=TakeForm,
        answer=tickets_api.TicketAnswer,
        status=201,
    ),
    Route(
        "GET", f"{_V1}/tickets/<token>", tickets_api.show, PUBLIC, answer=tickets_api.TicketAnswer
    ),
    *(
        Route(
            "POST",
            f"{_V1}/tickets/<token>/{word}",
            view,
            PUBLIC,
            answer=tickets_api.TicketAnswer,
        )
        for word, view in (
            ("cancel", tickets_api.cancel),
            ("postpone", tickets_api.postpone),
            ("rejoin", tickets_api.rejoin),
        )
    ),
    *(
        Route("POST", f"{_COUNTER}/{word}", view, CALL, body=body, answer=tickets_api.CounterAnswer)
        for word, view, body in (
            ("call-next", tickets_api.call_next, None),
            ("call", tickets_api.call, CallForm),
            ("recall", tickets_api.recall, None),
            ("start", tickets_api.start, None),
            ("finish", tickets_api.finish, FinishForm),
            ("no-show", tickets_api.no_show, None),
            ("hold", tickets_api.hold, None),
            ("transfer", tickets_api.transfer, TransferForm),
            ("services", tickets_api.add_service, ServiceForm),
            ("undo", tickets_api.undo, None),
            ("pause", tickets_api.pause, None),
            ("resume", tickets_api.resume, None),
        )
    ),
    Route(
        "GET",
        f"{_V1}/live/<topic>",
        screens_api.show,
        PUBLIC,
        answer=screens_api.SnapshotAnswer,
    ),
)

_APPOINTMENTS_API = (
    Route(
        "GET",
        f"{_STATION}/appointments/slots",
        appointments_api.slots,
        PUBLIC,
        query=SlotsQuery,
        answer=appointments_api.SlotsAnswer,
    ),
    Route(
        "POST",
        f"{_STATION}/appointments",
        appointments_api.book,
        PUBLIC,
        body=BookForm,
        answer=appointments_api.AppointmentAnswer,
        status=201,
        limit="20 per minute",
        spares_devices=True,
    ),
    *(
        Route(
            method,
            f"{_V1}/appointments/<token>{word}",
            view,
            PUBLIC,
            body=body,
            answer=appointments_api.AppointmentAnswer,
        )
        for method, word, view, body in (
            ("GET", "", appointments_api.show, None),
            ("POST", "/cancel", appointments_api.cancel, None),
            ("POST", "/move", appointments_api.move, SlotForm),
            ("POST", "/check-in", appointments_api.check_in, None),
        )
    ),
)

_PICKUPS_API = (
    Route(
        "GET",
        f"{_STATION}/pickups/slots",
        pickups_api.slots,
        PUBLIC,
        query=pickup_forms.PickupSlotsQuery,
        answer=pickups_api.PickupSlotsAnswer,
    ),
    Route(
        "POST",
        f"{_STATION}/pickups",
        pickups_api.book,
        VISITOR,
        body=pickup_forms.PickupForm,
        answer=pickups_api.PickupAnswer,
        status=201,
    ),
    Route(
        "POST",
        f"{_V1}/pickups/<token>/drop",
        pickups_api.drop,
        PUBLIC,
        body=pickup_forms.DropForm,
        answer=pickups_api.DroppedAnswer,
    ),
    Route(
        "POST",
        f"{_V1}/pickups/<token>/proxy",
        pickups_api.proxy,
        PUBLIC,
        body=pickup_forms.ProxyForm,
        answer=pickups_api.ProxyAnswer,
    ),
    *(
        Route(
            method,
            f"{_V1}/pickups/<token>{word}",
            view,
            PUBLIC,
            body=body,
            answer=pickups_api.PickupAnswer,
        )
        for method, word, view, body in (
            ("GET", "", pickups_api.show, None),
            ("POST", "/collect", pickups_api.collect, pickup_forms.CollectForm),
            ("POST", "/cancel", pickups_api.cancel, None),
            ("POST", "/accept", pickups_api.accept, None),
            ("POST", "/consent", pickups_api.agree, pickup_forms.AgreeForm),
            ("POST", "/report", pickups_api.report, pickup_forms.ReportForm),
        )
    ),
)

ROUTES = _PAGES + _APPOINTMENTS + _PICKUPS + _VOLUNTEERS + _API + _APPOINTMENTS_API + _PICKUPS_API


def register(app: Flask) -> None:
    """Add the operator's commands, and the snapshots behind the live topics."""
    for command in (
        catalog,
        staff,
        stations_commands,
        tickets_commands,
        migrate_command,
        setup_command,
    ):
        app.cli.add_command(command)
    app.extensions["sweeper"] = partial(sweeper.start, app)
    live.pump.serve(
        in_app(app, snapshots),
        reaches_other_workers=bool(app.extensions["config"].redis_url),
    )
