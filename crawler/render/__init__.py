"""Pages as a browser shows them: what is drawn, by which Chromium, and through which door it may look out."""
