"""Write the portfolio and EXPECTED.toml."""

from pathlib import Path

from sample_media.maker.chats import chats
from sample_media.maker.others import others
from sample_media.maker.phone import phone
from sample_media.maker.photos import photos
from sample_media.maker.planted import write
from sample_media.maker.raw import raw
from sample_media.maker.recordings import recordings
from sample_media.maker.texts import texts

if __name__ == "__main__":
    samples = [*photos(), raw(), *phone(), *recordings(), *texts(), *chats(), *others()]
    write(Path(__file__).resolve().parent.parent, samples)
