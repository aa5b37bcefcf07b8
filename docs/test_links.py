import tempfile
import unittest
from pathlib import Path

import links


class Links(unittest.TestCase):
    def check(self, body, *expected):
        with tempfile.TemporaryDirectory() as root:
            folder = Path(root) / "users"
            folder.mkdir()
            (Path(root) / "index.html").write_text('<h1 id="top-of-all">A book</h1>')
            (Path(root) / "404.html").write_text('<a href="gone.html">')
            (Path(root) / "a b.css").write_text("")
            (folder / "state.html").write_text(f'<a name="old"></a><td id="AUTH01">\n{body}')
            found = [line.split(": ", 1)[1] for line in links.broken(root)]
            self.assertEqual(found, list(expected))

    def test_pages_files_and_anchors_that_are_there_are_found(self):
        self.check('<a href="#AUTH01"><a href="#old"><a href="../index.html#top-of-all"><a href="..">')
        self.check('<link href="../a%20b.css"><img src="/a%20b.css"><a href="#">')

    def test_nothing_outside_is_asked_for(self):
        self.check('<a href="https://nowhere.invalid/x#y"><a href="mailto:a@b"><script src="//cdn.invalid/x">')

    def test_a_page_a_file_or_an_anchor_that_is_missing_is_told(self):
        self.check('<a href="gone.html#x">', "gone.html#x: there is no such file")
        self.check('<img src="../gone.png">', "../gone.png: there is no such file")
        self.check('<a href="#auth01">', "#auth01: there is no such anchor")
        self.check('<a href="../index.html#no">', "../index.html#no: there is no such anchor")


if __name__ == "__main__":
    unittest.main()
