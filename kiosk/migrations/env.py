"""Alembic's entry: migrate over the connection that kiosk.db hands in."""

from alembic import context

from kiosk import idempotency  # noqa: F401 - its table belongs to the metadata
from kiosk.db import Model
from kiosk.notices import models as notices  # noqa: F401 - likewise
from kiosk.pickups import models as pickups  # noqa: F401 - likewise
from kiosk.rota import models as rota  # noqa: F401 - likewise
from kiosk.staff import models as staff  # noqa: F401 - likewise
from kiosk.tickets import models as tickets  # noqa: F401 - likewise
from kiosk.voice import models as voice  # noqa: F401 - likewise
from kiosk.volunteers import models as volunteers  # noqa: F401 - likewise

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=Model.metadata,
    render_as_batch=True,
    compare_type=True,
    user_module_prefix="",
)
with context.begin_transaction():
    context.run_migrations()
