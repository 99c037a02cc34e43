"""One cell at a time: times, amounts, phones, e-mail addresses."""
