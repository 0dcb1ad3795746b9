"""`burden doctor`: whether the installation is sound, and mending what may be mended without asking."""
