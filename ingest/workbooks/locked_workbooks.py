"""Workbooks that are encrypted with a password which everybody knows.

Excel encrypts a workbook whose structure is protected with a password of its own, and opens it without asking; whoever
sent it knows of none. Such a file is opened here as Excel does. A password that somebody chose stays a password: what is
answered then is found by ``file_kinds`` and worded in ``vocabulary/reasons.yml``.
"""

import io

# MS-XLS 2.4.117 and MS-OFFCRYPTO: the default password.
_EXCELS_OWN = "VelvetSweatshop"


def unlocked(content: bytes) -> bytes | None:
    """Give a workbook that Excel opens without asking, decrypted; None where it asks, and for what is not locked."""
    import msoffcrypto  # few files are locked, and it takes its time to import

    try:
        file = msoffcrypto.OfficeFile(io.BytesIO(content))
        if not file.is_encrypted():
            return None
        file.load_key(password=_EXCELS_OWN)
        opened = io.BytesIO()
        file.decrypt(opened)
        return opened.getvalue()
    except (
        Exception
    ):  # of another password, and of a broken file, each kind of encryption tells in its own way
        return None
