"""Codes about files that are compressed, packed or encrypted and cannot be opened."""

from __future__ import annotations

from conversion_delivery.domain.codes import Code, Level

CONTAINER_CODES = {
    "FILE_TRUNCATED": Code(
        Level.FILE,
        "The file ends in the middle: its last part is missing. Nothing was sent.",
        "The upload was cut off, or the file was not complete when it began. Drop it again.",
    ),
    "ARCHIVE_DAMAGED": Code(
        Level.FILE,
        "The compressed file is damaged: its content is not what its checksums say. Nothing was sent.",
        "Pack it again from the original and drop that.",
    ),
    "ARCHIVE_METHOD": Code(
        Level.FILE,
        "The file is packed with {method}, which cannot be read here. Nothing was sent.",
        "Pack it with gzip or as an ordinary zip archive.",
    ),
    "ARCHIVE_ENCRYPTED": Code(
        Level.FILE,
        "The zip archive is protected with a password. Nothing was sent.",
        "Drop it without a password, or encrypt it with PGP; the connection and the bucket are encrypted.",
    ),
    "ARCHIVE_EMPTY": Code(
        Level.FILE,
        "The zip archive holds no file with content to read. Nothing was sent.",
        "Hidden files, folders and marker files do not count. Pack the text files themselves.",
    ),
    "ARCHIVE_TOO_MANY": Code(
        Level.FILE,
        "The zip archive holds more than {limit} files. Nothing was sent.",
        "Pack fewer files into one archive.",
    ),
    "ARCHIVE_NAMES": Code(
        Level.FILE,
        "Two files of the zip archive have the same name, or one has none that can be used. Nothing was sent.",
        "Give each file its own name and pack them again.",
    ),
    "ARCHIVE_NESTED": Code(
        Level.FILE,
        "There is {inner} inside {outer}: that cannot be opened. Nothing was sent.",
        "Drop the text file, or the inner archive by itself.",
    ),
    "EXPANDS_TOO_MUCH": Code(
        Level.FILE,
        "Unpacked, the file is larger than {limit} allows. Nothing was sent.",
        "Check what is inside. A real file of this size has to be dropped in several parts.",
    ),
    "PREPARING_TOO_LONG": Code(
        Level.FILE,
        "The file could not be unpacked in the time there is. Nothing was sent.",
        "Drop it as several smaller files, or unpacked: a plain text may have any size.",
    ),
    "PGP_KEY_MISSING": Code(
        Level.FILE,
        "The file is encrypted with PGP for key {recipients}, and {secret} holds no private key. Nothing was sent.",
        "Put the private key there, then drop the file again.",
    ),
    "PGP_KEY_UNUSABLE": Code(
        Level.FILE,
        "The private PGP keys that are configured cannot be used: {problem}. Nothing was sent.",
        "Correct the secret with the keys, then drop the file again.",
    ),
    "DECRYPT_FAILED": Code(
        Level.FILE,
        "The file is encrypted with PGP for key {recipients}; the keys here are {keys}. Nothing was sent.",
        "Encrypt it for the public key in use, or add the private key of the old one to the secret.",
    ),
    "PGP_DAMAGED": Code(
        Level.FILE,
        "The PGP message is damaged, cut off, or made in a way that is no longer in use. Nothing was sent.",
        "Encrypt the file again with a current PGP program (AES, integrity protection, no bzip2) and drop that.",
    ),
    "PGP_PASSPHRASE_ONLY": Code(
        Level.FILE,
        "The file is encrypted with a passphrase, not for a public key. Nothing was sent.",
        "Encrypt it for the public key that belongs to this destination.",
    ),
    "PGP_NOT_ENCRYPTED": Code(
        Level.FILE,
        "This is {what}, not a file encrypted with PGP. Nothing was sent.",
        "Encrypt the file for the public key in use, with or without a signature, or drop the plain file.",
    ),
}
