"""How the drawing of notes (VML) writes a note's box."""

from __future__ import annotations

from typing import Final

# Said again by our elements where the drawing is another program's, with prefixes of its own.
NAMESPACES: Final = (
    ' xmlns:v="urn:schemas-microsoft-com:vml" xmlns:o="urn:schemas-microsoft-com:office:office" '
    'xmlns:x="urn:schemas-microsoft-com:office:excel"'
)
DRAWING: Final = (
    f'<xml{NAMESPACES}><o:shapelayout v:ext="edit"><o:idmap v:ext="edit" data="1"/></o:shapelayout></xml>'.encode()
)
SHAPE_TYPE: Final = "".join(
    [
        '<v:shapetype{names} id="_x0000_t202" coordsize="21600,21600" o:spt="202" ',
        'path="m,l,21600r21600,l21600,xe"><v:stroke joinstyle="miter"/>',
        '<v:path gradientshapeok="t" o:connecttype="rect"/></v:shapetype>',
    ]
)
BOX: Final = "".join(
    [
        '<v:shape{names} id="_x0000_s{id}" type="#_x0000_t202" style="position:absolute;margin-left:80pt;',
        'margin-top:2pt;width:255pt;height:{height}pt;z-index:1;visibility:hidden" fillcolor="#ffffff"',
        ' strokecolor="#7b1e3a" o:insetmode="auto"><v:fill color2="#ffffff"/><v:shadow color="#9a9fa5" obscured="t"/>',
        '<v:path o:connecttype="none"/><v:textbox style="mso-direction-alt:auto"><div style="text-align:left"></div>',
        '</v:textbox><x:ClientData ObjectType="Note"><x:MoveWithCells/><x:SizeWithCells/><x:Anchor>{anchor}</x:Anchor>',
        "<x:AutoFill>False</x:AutoFill><x:Row>{row}</x:Row><x:Column>{column}</x:Column></x:ClientData></v:shape>",
    ]
)
