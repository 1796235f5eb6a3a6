"""The web app from settings (`CITEWORTHY_*`): `python app.py`, then http://127.0.0.1:7860."""

from citeworthy.settings import Settings
from citeworthy.surfaces.server import serve

if __name__ == "__main__":
    serve(Settings(), "127.0.0.1", 7860)
