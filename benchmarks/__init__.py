"""The measured claims, runnable: the tracker against its peers, on a made file whose right answers are known.

Start reading at ``__main__.py``; README.md says how to run it and how to read its tables.
"""
