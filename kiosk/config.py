"""Every setting, typed, read once from the environment."""

import os
import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent


@dataclass(frozen=True)
class Config:
    """What an operator can set; the defaults make one working station on one machine."""

    data_dir: Path = ROOT / "instance"
    database_url: str = ""
    redis_url: str = ""
    public_url: str = ""
    secret_key: str = field(default="", repr=False)
    secure_cookies: bool = False
    trusted_proxies: int = 0
    slip_font: str = ""
    is_testing: bool = False

    @classmethod
    def from_env(cls, env: Mapping[str, str] = os.environ) -> "Config":
        """Read the environment, make the data folder, and keep a secret key in it."""
        data_dir = Path(env.get("DATA_DIR") or ROOT / "instance").absolute()
        data_dir.mkdir(parents=True, exist_ok=True)
        public_url = env.get("PUBLIC_URL", "").rstrip("/")
        return cls(
            data_dir=data_dir,
            database_url=_psycopg(env.get("DATABASE_URL", "")),
            redis_url=env.get("REDIS_URL", ""),
            public_url=public_url,
            secret_key=env.get("SECRET_KEY") or _kept_secret(data_dir / "secret_key"),
            secure_cookies=public_url.startswith("https://"),
            slip_font=env.get("SLIP_FONT", ""),
            trusted_proxies=int(env.get("TRUSTED_PROXIES") or 0),
        )

    @property
    def database(self) -> str:
        """The database's address as SQLAlchemy writes it; SQLite in the data folder by default."""
        return self.database_url or f"sqlite:///{self.data_dir / 'loumenkou.db'}"


def _psycopg(url: str) -> str:
    scheme, mark, rest = url.partition("://")
    return f"postgresql+psycopg://{rest}" if mark and scheme in {"postgres", "postgresql"} else url


def _kept_secret(path: Path) -> str:
    """Create the file once, readable by its owner only; a lost race reads the winner's."""
    try:
        handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        return path.read_text()
    with os.fdopen(handle, "w") as file:
        file.write(secrets.token_urlsafe(48))
    return path.read_text()
