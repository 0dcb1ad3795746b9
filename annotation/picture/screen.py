"""The picture of a place over a Textual application. Import it only after `flows.terminal.ask_terminal`.

textual-image asks the terminal as it is imported, and what comes late would be taken for typed keys.
"""

from __future__ import annotations

import io
from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import VerticalScroll
from textual.screen import ModalScreen
from textual.widgets import Static
from textual_image.widget import SixelImage, TGPImage

from annotation.picture.crop import Picture
from annotation.picture.showing import Graphics
from annotation.safe_text import safe


class PictureScreen(ModalScreen[None]):
    """A picture as wide as the terminal, to scroll where it is higher; any of a few keys closes it.

    Args:
        picture: what is shown.
        graphics: what the terminal draws by; not `none`.
        place: where in the paper it is, shown below it.
    """

    BINDINGS: ClassVar[list[BindingType]] = [("escape,q,v,enter,space", "dismiss", "Back")]
    CSS = """
    PictureScreen VerticalScroll { height: 1fr; }
    PictureScreen Static { height: 1; }
    """

    def __init__(self, picture: Picture, graphics: Graphics, place: str) -> None:
        super().__init__()
        self._picture, self._graphics, self._place = picture, graphics, place

    def compose(self) -> ComposeResult:
        """The picture, and a line that says where it is and how to go on."""
        kind = TGPImage if self._graphics == "kitty" else SixelImage
        image = kind(io.BytesIO(self._picture.png))
        image.styles.width, image.styles.height = "100%", "auto"
        yield VerticalScroll(image)
        yield Static(safe(f"{self._place}   arrows scroll, Esc goes back"), markup=False)
