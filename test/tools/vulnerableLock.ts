/** A uv.lock of an app with one package, whose old version has known holes. */
export const vulnerableLock = `version = 1
revision = 3
requires-python = ">=3.11"

[[package]]
name = "comicpile"
version = "0.1.0"
source = { virtual = "." }
dependencies = [{ name = "jinja2" }]

[[package]]
name = "jinja2"
version = "2.10"
source = { registry = "https://packages.example.test/simple" }
sdist = { url = "https://packages.example.test/jinja2-2.10.tar.gz", hash = "sha256:${'0'.repeat(64)}" }
`;
