"""The processes that read files, so that a file can harm none but itself.

A hostile file may hang the reader, eat memory or crash a native library. Therefore reading happens in children with a limit
on memory and a deadline; a child that is lost costs one file its acceptance and nothing else. ``pool`` drives the children,
``child_process`` is one of them as its parent sees it, ``service`` what it does itself, ``pipe`` what they say to each other,
``program`` what is started.
"""
