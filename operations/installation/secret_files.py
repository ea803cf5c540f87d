"""Secrets of the embedded services: made once, kept in files that only their owner can read.

One file a secret, as containers have it too. They belong to the warehouse as the data do: without ``fernet_key`` the
connections kept in Airflow (e-mail) cannot be read again.
"""

import base64
import secrets
from dataclasses import dataclass
from pathlib import Path

from ingest.durable import make_folder, write_file

OWNER_ONLY = 0o600
FOLDER_MODE = 0o700
# Without 0 and O, 1 and l and I: passwords are read from one screen and typed at another.
READABLE = "abcdefghijkmnpqrstuvwxyzABCDEFGHJKLMNPQRSTUVWXYZ23456789"
PASSWORD_LENGTH = 16


@dataclass(frozen=True, slots=True)
class ServiceSecrets:
    """What the services share.

    Attributes:
        jwt_secret: signs the tokens of people and of tasks; more than 64 bytes.
        fernet_key: encrypts connections and variables in Airflow's metadata.
        session_key: signs the sessions of the pages.
    """

    jwt_secret: str
    fernet_key: str
    session_key: str


def make_service_secrets() -> ServiceSecrets:
    """Make new ones."""
    return ServiceSecrets(
        jwt_secret=secrets.token_urlsafe(72),
        # the form that Fernet asks for: 32 bytes in URL-safe base64, with padding
        fernet_key=base64.urlsafe_b64encode(secrets.token_bytes(32)).decode(),
        session_key=secrets.token_urlsafe(32),
    )


def make_password() -> str:
    """Make a password of 16 letters and digits that no two of look alike (93 bits)."""
    return "".join(secrets.choice(READABLE) for _ in range(PASSWORD_LENGTH))


def keep_secret(folder: Path, name: str, made: str) -> str:
    """Give the secret of this name, keeping ``made`` when there is none yet.

    Args:
        folder: where secrets lie; made when missing, with mode 0700.
        name: its file.
        made: what it is to be from now on, when there is none.
    """
    path = folder / name
    if not path.exists():
        make_folder(folder)
        folder.chmod(FOLDER_MODE)
        write_file(path, f"{made}\n".encode(), mode=OWNER_ONLY)
    return path.read_text(encoding="utf-8").strip()


def keep_service_secrets(folder: Path) -> ServiceSecrets:
    """Give the secrets of this folder; those that are missing are made and kept."""
    made = make_service_secrets()
    return ServiceSecrets(
        jwt_secret=keep_secret(folder, "jwt_secret", made.jwt_secret),
        fernet_key=keep_secret(folder, "fernet_key", made.fernet_key),
        session_key=keep_secret(folder, "session_key", made.session_key),
    )
