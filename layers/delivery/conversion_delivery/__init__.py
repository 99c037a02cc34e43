"""From a file of conversions to TikTok's Events API: the code that both functions and the command line share.

Arrows point one way: ``domain`` <- ``workflows`` <- ``runtime.bootstrap`` -> ``aws``, ``tiktok``.
"""
