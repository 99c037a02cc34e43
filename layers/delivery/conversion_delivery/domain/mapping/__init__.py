"""From a row to a conversion, a rejection, or a row that is nobody's error."""
