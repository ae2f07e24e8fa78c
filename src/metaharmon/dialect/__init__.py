"""The one deep door: dialects are loaded, read, written and translated here."""
