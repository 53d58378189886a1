// n8n loads the files that "n8n" in package.json names; there is nothing to import from the package itself.
module.exports = {};
