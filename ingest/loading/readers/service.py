"""What a process that reads does: take the contracts, then files, and answer what each holds, whatever happens."""

import gc
import resource
from pathlib import Path
from typing import IO

from ingest.contracts.forms import Contracts
from ingest.contracts.verdicts import Reason, ReasonCode
from ingest.faults import fault_code, is_of_the_disk, traceback_of
from ingest.loading.readers.pipe import ReadFile, receive, send
from ingest.reading.file_reader import ArchivedFile, FileReader, ReadReturn
from ingest.reading.row_streams import packed
from ingest.reading.submission import rejected

MEMORY_BYTES = 512 * 1024 * 1024
# What is handed over goes through a file when it is larger; fewer bytes where many files wait to be written.
MOST_BYTES_A_FILE = 64 * 1024


def serve(requests: IO[bytes], answers: IO[bytes]) -> None:
    """Be a child: take the contracts, then lists of files, until the pipe is closed.

    Python looks for circles of garbage between answers only: while a file is read there are millions of cells to go
    through each time, in vain.
    """
    resource.setrlimit(resource.RLIMIT_DATA, (MEMORY_BYTES, MEMORY_BYTES))
    task = receive(requests)
    if not (isinstance(task, tuple) and isinstance(task[0], Contracts) and isinstance(task[1], Path)):
        raise TypeError("the first message is the contracts, and the folder for large answers")
    reader, spool = FileReader(task[0]), task[1]
    send(answers, "ready")
    gc.freeze()
    gc.disable()
    while True:
        try:
            files = receive(requests)
        except EOFError:
            return
        if not isinstance(files, list):
            raise TypeError("every further message is a list of files")
        for file in files:
            try:
                answer: ReadFile | OSError = read_safely(reader, file, spool)
            except OSError as error:
                answer = OSError(error.errno, error.strerror)  # without what the error holds on to
            send(answers, answer)
        gc.collect()


def read_safely(reader: FileReader, file: ArchivedFile, spool: Path) -> ReadFile:
    """Read a file; a defect of ours refuses that file, in words that ask for it to be reported.

    Args:
        reader: reads it.
        file: the file in the archive.
        spool: where what was read goes when it is large.

    Raises:
        OSError: the disk failed, which is no file's fault.
    """
    try:
        return tuple(
            ReadReturn(found.submission, packed(found.tables, spool, MOST_BYTES_A_FILE))
            for found in reader.read(file)
        )
    except MemoryError:
        return (ReadReturn(rejected(file.arrival, Reason.of(ReasonCode.READER_LOST))),)
    except Exception as error:  # whatever a defect raises, the other files are read
        if is_of_the_disk(error):
            raise
        reason = Reason.of(ReasonCode.READER_DEFECT, fault=fault_code(error))
        return (ReadReturn(rejected(file.arrival, reason), fault=traceback_of(error)),)
