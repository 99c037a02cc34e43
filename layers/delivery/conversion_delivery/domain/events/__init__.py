"""From a conversion to TikTok's event: ids, hashes, bodies."""
