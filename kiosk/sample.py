"""The sample stations (示例): what a newcomer's first start finds."""

from datetime import datetime

from kiosk import clock
from kiosk.appointments.actions import add_plan
from kiosk.catalog.models import Service
from kiosk.catalog.queries import all_services
from kiosk.db import insert_into, session
from kiosk.pickups import actions as pickups
from kiosk.pickups.models import Climate, PickupKind, StoragePoint
from kiosk.staff.actions import hire
from kiosk.staff.permissions import Role
from kiosk.stations.actions import add_device, found
from kiosk.stations.hours import DAY_MINUTES
from kiosk.stations.models import Counter, DeviceKind, Station
from kiosk.tickets.models import CounterQueue, Offer, Queue
from kiosk.volunteers.actions import Times, add_series

ALWAYS = [(weekday, 0, DAY_MINUTES) for weekday in range(7)]
OFFICE_HOURS = [(weekday, 9 * 60, 17 * 60 + 30) for weekday in range(5)]

QUEUES = {
    "A": ("党务服务", "Party services", 10, "DJ GQ GH FN TZ"),
    "B": ("社保医保", "Social insurance", 8, "SB YL YB RS GJJ"),
    "C": (
        "居住与综合政务",
        "Residence and general",
        9,
        "JZ HJ GA CR MZ WJ JY TY CL JT WH ZF ZH XF LR",
    ),
    "D": ("营商服务专区", "Business services", 15, "SW SC KJ EW QY"),
    "E": ("便民与法律", "Everyday and legal", 6, "SF XJ BM ZY JK XL FL WT XX QZ LY"),
}
COUNTERS = {
    1: ("党务与便民", "Party and everyday", "AE"),
    2: ("社保医保", "Social insurance", "BC"),
    3: ("综合受理", "General", "CBE"),
    4: ("营商专窗", "Business", "DA"),
}
# Queues with appointments: minutes of one, and how many at a time.
SLOTS = {"B": (30, 2), "C": (30, 2), "D": (60, 1)}
SLOT_HOURS = ((9 * 60, 12 * 60), (13 * 60, 17 * 60))
MANAGER = "manager"

# Storage points: names, the way there, floor, its places, and how many book a quarter of an hour
# for a meal and an hour for a parcel; none where the point does not take such.
POINTS = {
    "1F-A1": (
        ("大堂取餐柜（示例）", "Lobby meal cabinet (sample)"),
        ("大堂东侧，电梯对面", "Lobby east, across from the lifts"),
        1,
        {Climate.HEATED: 12, Climate.COLD: 4, Climate.SHELF: 4},
        (20, 0),
    ),
    "1F-A2": (
        ("大堂货架（示例）", "Lobby shelf (sample)"),
        ("大堂东侧，取餐柜旁", "Lobby east, beside the meal cabinet"),
        1,
        {Climate.SHELF: 24},
        (0, 12),
    ),
    "3F-B2": (
        ("3 楼取餐架（示例）", "3rd floor meal shelf (sample)"),
        ("出电梯右手边", "Right of the lifts"),
        3,
        {Climate.HEATED: 6, Climate.COLD: 2, Climate.SHELF: 16},
        (20, 6),
    ),
    "8F-C1": (
        ("8 楼取件架（示例）", "8th floor shelf (sample)"),
        ("出电梯左手边茶水间旁", "Left of the lifts, by the pantry"),
        8,
        {Climate.HEATED: 4, Climate.SHELF: 12},
        (12, 6),
    ),
}
MEAL_MINUTES, PARCEL_MINUTES = 15, 60

# Shifts of volunteers: point, days, from when to when, places. The one of all day lets a newcomer
# try it at any hour.
SHIFTS = (
    ("3F-B2", range(5), (11 * 60 + 30, 13 * 60), 3),
    ("8F-C1", range(5), (11 * 60 + 30, 13 * 60), 2),
    ("1F-A1", range(7), (0, DAY_MINUTES), 6),
)


def make_raffles_city() -> Station:
    """Open the sample station that is open all day, with its kiosk and its board."""
    station = found("raffles-city", "来福士广场党群服务站（示例）", "Raffles City (sample)", ALWAYS)
    station.address = "大堂一层（示例）"
    _furnish(station)
    at = clock.now()
    points = _set_up_points(station, at)
    for code, weekdays, times, places in SHIFTS:
        add_series(points[code], weekdays, Times(*times), places, at=at, is_sample=True)
    add_device(station, DeviceKind.KIOSK, "大堂自助终端（示例）", at=at)
    add_device(station, DeviceKind.BOARD, "大堂大屏（示例）", at=at)
    return station


def make_jiangsu_road() -> Station:
    """Open the sample station with ordinary hours."""
    station = found(
        "jiangsu-road", "江苏路商务楼党群服务站（示例）", "Jiangsu Road (sample)", OFFICE_HOURS
    )
    station.address = "大堂东侧（示例）"
    _furnish(station)
    return station


def hire_manager() -> str:
    """Hire the first manager, who looks after all stations; returns the one-time password."""
    _member, password = hire(MANAGER, "站长（示例）", Role.ADMINISTRATOR, None, at=clock.now())
    return password


def _furnish(station: Station) -> None:
    queues = {}
    for letter, (name_zh, name_en, minutes, _prefixes) in QUEUES.items():
        queues[letter] = Queue(
            station_id=station.id,
            letter=letter,
            name_zh=name_zh,
            name_en=name_en,
            usual_minutes=minutes,
        )
    session.add_all(queues.values())
    session.flush()
    for number, (name_zh, name_en, letters) in COUNTERS.items():
        counter = Counter(station_id=station.id, number=number, name_zh=name_zh, name_en=name_en)
        session.add(counter)
        session.flush()
        session.add_all(
            CounterQueue(counter_id=counter.id, queue_id=queues[letter].id, rank=rank)
            for rank, letter in enumerate(letters, 1)
        )
    session.flush()
    for letter, (minutes, capacity) in SLOTS.items():
        for opens, closes in SLOT_HOURS:
            add_plan(
                queues[letter], range(5), opens, closes, slot_minutes=minutes, capacity=capacity
            )
    _offer_everything(station, queues)


def _set_up_points(station: Station, at: datetime) -> dict[str, StoragePoint]:
    points = {}
    for code, (names, ways, floor, places, (meals, parcels)) in POINTS.items():
        point = points[code] = pickups.add_point(
            station,
            code,
            name_zh=names[0],
            name_en=names[1],
            where_zh=ways[0],
            where_en=ways[1],
            floor=floor,
            is_lobby=floor == 1,
            takes_unbooked=floor == 1,
        )
        for climate, count in places.items():
            pickups.add_places(point, count, climate=climate, at=at)
        for kind, minutes, capacity in (
            (PickupKind.MEAL, MEAL_MINUTES, meals),
            (PickupKind.PARCEL, PARCEL_MINUTES, parcels),
        ):
            if capacity:
                pickups.add_plan(
                    point, kind, range(7), 0, DAY_MINUTES, slot_minutes=minutes, capacity=capacity
                )
    return points


def _offer_everything(station: Station, queues: dict[str, Queue]) -> None:
    letter_of = {prefix: letter for letter, queue in QUEUES.items() for prefix in queue[3].split()}
    rows = [
        {
            "station_id": station.id,
            "service_id": service.id,
            "queue_id": queues[letter_of[_prefix(service)]].id,
            "is_on": True,
        }
        for service in all_services()
    ]
    if rows:
        session.execute(insert_into(Offer), rows)


def _prefix(service: Service) -> str:
    return service.code.partition("-")[0]
