"""The application that a WSGI server runs: the station with its visitors' and its staff's face."""

import gc

# Everything after this waits without holding up the others.
from gevent import monkey

monkey.patch_all()
# What is loaded stays; to look through it again and again would be a quarter of the start.
gc.disable()

from admin import routes as admin  # noqa: E402
from kiosk import routes as kiosk  # noqa: E402
from kiosk.app import create_app  # noqa: E402
from kiosk.config import Config  # noqa: E402

app = create_app(Config.from_env(), kiosk, admin)
gc.enable()
