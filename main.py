"""VQGAN-CLIP Studio: no word opens the window, a word is a command."""

import sys

from studio.start import main

if __name__ == "__main__":
    sys.exit(main())
