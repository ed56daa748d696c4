"""The key of AUTH=local: made once, for this user's eyes, by whichever process is first."""

import stat
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from threading import Barrier

import pytest

from infra.local.local_issuer import KEY_FILE, KeyUnusable, signing_key
from tests.processes.running import ROOT

EC_KEY = """\
-----BEGIN PRIVATE KEY-----
MIGHAgEAMBMGByqGSM49AgEGCCqGSM49AwEHBG0wawIBAQQgevZzL1gdAFr88hb2
OF/2NxApJCzGCEDdfSp6VQO30hyhRANCAAQRWz+jn65BtOMvdyHKcvjBeBSDZH2r
1RTwjmYSi9R/zpBnuQ4EiMnCqfMPWiZqB4QdbAd0E7oH50VpuZ1P087G
-----END PRIVATE KEY-----
"""


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "folder" / "key.pem"


class TestTheKeyFile:
    def test_only_its_user_can_read_it(self, file: Path) -> None:
        signing_key(file)

        assert stat.S_IMODE(file.stat().st_mode) == 0o600
        assert stat.S_IMODE(file.parent.stat().st_mode) == 0o700

    def test_it_is_the_same_from_then_on(self, file: Path) -> None:
        first, then = signing_key(file), signing_key(file)

        assert first.private_numbers() == then.private_numbers()

    def test_those_who_need_it_at_once_get_the_same(self, file: Path) -> None:
        together = Barrier(8)

        def need(_: int) -> int:
            together.wait()
            return signing_key(file).public_key().public_numbers().n

        with ThreadPoolExecutor(8) as pool:
            keys = set(pool.map(need, range(8)))

        assert len(keys) == 1
        assert [found.name for found in file.parent.iterdir()] == ["key.pem"]

    @pytest.mark.parametrize("content", ["", "nothing", EC_KEY], ids=["empty", "text", "ec"])
    def test_one_that_is_no_rsa_key_is_left_alone_and_told(self, file: Path, content: str) -> None:
        file.parent.mkdir()
        file.write_text(content)

        with pytest.raises(KeyUnusable, match="key.pem has no .*key: remove it"):
            signing_key(file)
        assert file.read_text() == content

    def test_one_that_cannot_be_read_is_told(self, file: Path) -> None:
        file.mkdir(parents=True)

        with pytest.raises(KeyUnusable, match="key.pem: Is a directory"):
            signing_key(file)

    def test_git_does_not_see_it(self) -> None:
        folder = KEY_FILE.relative_to(ROOT).parts[0]

        assert f"/{folder}/" in (ROOT / ".gitignore").read_text().splitlines()
