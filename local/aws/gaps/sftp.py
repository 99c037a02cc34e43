"""Transfer Family: CloudFormation does not know it, workflows do not exist, and what comes by SFTP is no S3 event.

Servers, users and workflows of a template are made as it says, and the workflows do what their steps say: a file whose
handle the client closes is complete, one that is open when the session ends is partial. Files go through the S3
service, so they get versions and are announced as by S3: ``Put`` for a file, ``Copy`` for a renamed one.

Not emulated: roles and session policies (nobody asks them), the DECRYPT step (refused), security groups.
"""

from __future__ import annotations

import asyncio
import io
import json
import time
from typing import Any
from urllib.parse import quote

from local.aws.gaps.replacing import GapMoved, replace, require

SERVER, USER, WORKFLOW = "AWS::Transfer::Server", "AWS::Transfer::User", "AWS::Transfer::Workflow"

WRITE = 0x02
"""SSH_FXF_WRITE among the flags of an open."""

Attributes = tuple[str, dict[str, str]]


def mend_sftp(provisioners: Any, transfer: Any, s3: Any) -> None:
    """Let a template make SFTP servers, and let what they receive be a file like any other."""
    require(transfer, "_servers", "_users", "_user_key", "_create_server", "_create_user", "_sftp_s3_get_object")
    require(s3, "handle_request")
    _mend_templates(provisioners, transfer)
    _mend_sessions(transfer, s3)


def _mend_templates(provisioners: Any, transfer: Any) -> None:
    handlers: dict[str, dict[str, Any]] = provisioners._RESOURCE_HANDLERS
    for kind, create, update, delete in (
        (WORKFLOW, _create_workflow, _replacing(_create_workflow, _delete_nothing), _delete_nothing),
        (SERVER, _create_server, _update_server, _delete_server),
        (USER, _create_user, _replacing(_create_user, _delete_user), _delete_user),
    ):
        if kind in handlers:
            raise GapMoved(f"ministack knows {kind} now; take it out of local.aws.gaps.sftp")
        verbs = {"create": create, "update": update, "delete": delete}
        handlers[kind] = {name: _with(verb, transfer) for name, verb in verbs.items()}


def _with(verb: Any, transfer: Any) -> Any:
    return lambda *arguments: verb(transfer, *arguments)


def _replacing(create: Any, delete: Any) -> Any:
    def update(
        transfer: Any, physical_id: str, old: dict[str, Any], new: dict[str, Any], stack: str, *logical_id: str
    ) -> Attributes:
        delete(transfer, physical_id, old)
        made: Attributes = create(transfer, "", new, stack)
        return made

    return update


def _create_workflow(transfer: Any, logical_id: str, props: dict[str, Any], stack: str) -> Attributes:
    """The steps stand in the id, for they must be known again when a kept state comes back."""
    steps = [_copying(step) for step in props["Steps"]]
    return json.dumps(steps), {"WorkflowId": json.dumps(steps), "Arn": "arn:aws:transfer:us-east-1:0:workflow/local"}


def _copying(step: dict[str, Any]) -> dict[str, str]:
    if step["Type"] != "COPY":
        raise ValueError(f"{WORKFLOW}: the step {step['Type']} is not emulated")
    details = step["CopyStepDetails"]
    place = details["DestinationFileLocation"]["S3FileLocation"]
    return {"bucket": place["Bucket"], "key": place["Key"], "overwrite": details.get("OverwriteExisting", "FALSE")}


def _create_server(transfer: Any, logical_id: str, props: dict[str, Any], stack: str) -> Attributes:
    answer = _result(transfer._create_server(props))
    server_id = json.loads(answer[2])["ServerId"]
    return _update_server(transfer, transfer._servers[server_id]["Arn"], {}, props, stack)


def _update_server(
    transfer: Any, physical_id: str, old: dict[str, Any], new: dict[str, Any], stack: str, *logical_id: str
) -> Attributes:
    server_id = physical_id.rpartition("/")[2]
    transfer._servers[server_id]["Workflows"] = {
        occasion: [step for workflow in workflows for step in json.loads(workflow["WorkflowId"])]
        for occasion, workflows in new.get("WorkflowDetails", {}).items()
    }
    return physical_id, {"Arn": physical_id, "ServerId": server_id, "State": "ONLINE"}


def _result(coroutine: Any) -> Any:
    """What a coroutine returns that never waits."""
    try:
        coroutine.send(None)
    except StopIteration as end:
        return end.value
    raise GapMoved("creating a Transfer server waits for something now")


def _create_user(transfer: Any, logical_id: str, props: dict[str, Any], stack: str) -> Attributes:
    keys = props.get("SshPublicKeys", [])
    status, _, body = transfer._create_user({**props, "SshPublicKeyBody": keys[0] if keys else None})
    if status >= 400:
        raise ValueError(f"{USER}: {body!r}")
    arn = transfer._users[transfer._user_key(props["ServerId"], props["UserName"])]["Arn"]
    return arn, {"Arn": arn, "ServerId": props["ServerId"], "UserName": props["UserName"]}


def _delete_user(transfer: Any, physical_id: str, props: dict[str, Any]) -> None:
    transfer._users.pop(transfer._user_key(props["ServerId"], props["UserName"]), None)


def _delete_server(transfer: Any, physical_id: str, props: dict[str, Any]) -> None:
    transfer._servers.pop(physical_id.rpartition("/")[2], None)


def _delete_nothing(transfer: Any, physical_id: str, props: dict[str, Any]) -> None:
    return None


def _bind_later(original: Any) -> Any:
    """CloudFormation's handlers cannot wait for the listener, so it is bound right after them."""
    tasks: set[Any] = set()

    async def start() -> None:
        task = asyncio.get_running_loop().create_task(original())
        tasks.add(task)
        task.add_done_callback(tasks.discard)

    return start


def _mend_sessions(transfer: Any, s3: Any) -> None:
    replace(transfer, "sftp_start", _bind_later)

    def make(original: Any) -> Any:
        def ensure() -> None:
            is_first = transfer._MiniStackSFTPServer is None
            original()
            if is_first:
                parts = {"transfer": transfer, "s3": s3}
                transfer._MiniStackSFTPServer = type("Session", (_Session, transfer._MiniStackSFTPServer), parts)
                _mark_ends_of_sessions(transfer.asyncssh.sftp)

        return ensure

    replace(transfer, "_ensure_sftp_runtime", make)


def _mark_ends_of_sessions(sftp: Any) -> None:
    """asyncssh closes what is still open when a session ends, by the same call as when the client closes it."""

    def make(original: Any) -> Any:
        async def cleanup(handler: Any, problem: Any) -> None:
            if handler._server:
                handler._server.has_ended = True
            await original(handler, problem)

        return cleanup

    replace(sftp.SFTPServerHandler, "_cleanup", make)


class _Session:
    """One SFTP session, over the S3 service; ``transfer`` and ``s3`` are modules of ministack."""

    transfer: Any
    s3: Any
    has_ended = False
    # of the class of ministack that this one precedes
    _open_files: dict[Any, dict[str, Any]]
    _user: dict[str, Any]
    _account_id: str
    _region: str
    _server_id: str
    _resolve: Any
    _next_handle: int

    async def open(self, path: Any, pflags: int, attrs: Any) -> Any:
        """Content that lies on disk is not in the memory that the original reads."""
        bucket, key = self._resolve(path)
        if pflags & WRITE or not self._is_there(bucket, key):
            original: Any = super()
            return original.open(path, pflags, attrs)
        content = await self._ask("GET", bucket, key)
        handle, self._next_handle = self._next_handle, self._next_handle + 1
        self._open_files[handle] = {
            "mode": "read",
            "bucket": bucket,
            "key": key,
            "buf": io.BytesIO(content),
            "size": len(content),
            "mtime": int(time.time()),
        }
        return handle

    async def close(self, file_obj: Any) -> None:
        opened = self._open_files.pop(file_obj, None)
        if opened is None or opened["mode"] != "write":
            return
        bucket, key = opened["bucket"], opened["key"]
        await self._ask("PUT", bucket, key, opened["buf"].getvalue())
        server = self.transfer._servers.get_scoped(self._account_id, self._region, self._server_id)
        for step in server.get("Workflows", {}).get("OnPartialUpload" if self.has_ended else "OnUpload", []):
            await self._copy_step(step, bucket, key)

    async def _copy_step(self, step: dict[str, str], bucket: str, key: str) -> None:
        target = step["key"].replace("${Transfer:UserName}", self._user["UserName"])
        if target.endswith("/"):
            target += key.rpartition("/")[2]
        if step["overwrite"] == "TRUE" or not self._is_there(step["bucket"], target):
            await self._copy(bucket, key, step["bucket"], target)

    async def _do_rename(self, oldpath: Any, newpath: Any, *, allow_overwrite: bool) -> None:
        (bucket, key), (new_bucket, new_key) = self._resolve(oldpath), self._resolve(newpath)
        sftp = self.transfer.asyncssh.sftp
        if not self._is_there(bucket, key):
            raise sftp.SFTPNoSuchFile("No such file")
        if not new_bucket or (not allow_overwrite and self._is_there(new_bucket, new_key)):
            raise sftp.SFTPFailure("The new name is taken, or outside all folders")
        await self._copy(bucket, key, new_bucket, new_key)
        await self._ask("DELETE", bucket, key)

    def _is_there(self, bucket: str, key: str) -> bool:
        return self.transfer._sftp_s3_get_object(self._account_id, bucket, key) is not None

    async def _copy(self, bucket: str, key: str, new_bucket: str, new_key: str) -> None:
        await self._ask("PUT", new_bucket, new_key, headers={"x-amz-copy-source": quote(f"{bucket}/{key}")})

    async def _ask(
        self, method: str, bucket: str, key: str, body: bytes = b"", headers: dict[str, str] | None = None
    ) -> bytes:
        self._resolve(b"/")  # puts the request into the account and region of the user
        answer = await self.s3.handle_request(method, f"/{bucket}/{quote(key)}", headers or {}, body, {}, internal=True)
        if answer[0] >= 400:
            raise self.transfer.asyncssh.sftp.SFTPFailure(f"S3 answers {answer[0]}")
        content: bytes = answer[2]
        return content

    def exit(self) -> None:
        """Everything has been closed by now."""
