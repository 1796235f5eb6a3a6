"""Pictures of a library: the map and the timeline as SVG, and the map as a page to explore."""

from citeworthy.surfaces.drawings.explorer import map_html
from citeworthy.surfaces.drawings.map import map_svg
from citeworthy.surfaces.drawings.timeline import timeline_svg

__all__ = ["map_html", "map_svg", "timeline_svg"]
