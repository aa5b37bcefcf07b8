"""A pinned package, from a cache that has it."""

import hashlib
import tempfile
import unittest
import zipfile
from pathlib import Path

import vendor

MODULES = {
    "shop/_order.py": 'class Order:\n    OBJECT_NAME = "order"\n    id: str\n',
    "shop/py.typed": "",
}


class Wheels(unittest.TestCase):
    def setUp(self) -> None:
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.cache = Path(folder.name)
        wheel = self.cache / "shop-1.2.0-py3-none-any.whl"
        with zipfile.ZipFile(wheel, "w") as archive:
            for path, text in MODULES.items():
                archive.writestr(path, text)
        digest = hashlib.sha256(wheel.read_bytes()).hexdigest()
        self.source = {"registry": "pypi", "package": "shop", "version": "1.2.0", "sha256": digest}

    def test_the_classes_of_a_wheel_are_its_components(self) -> None:
        order = {"type": "object", "properties": {"id": {"type": "string"}}}
        self.assertEqual(vendor.components(self.source, self.cache), {"order": order})

    def test_a_package_with_another_digest_is_refused(self) -> None:
        with self.assertRaisesRegex(SystemExit, "not the pinned package"):
            vendor.components(self.source | {"sha256": "0" * 64}, self.cache)


if __name__ == "__main__":
    unittest.main()
