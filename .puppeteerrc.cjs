// The tests use the system's Chromium; a plain `npm ci` must work where no browser can be downloaded.
module.exports = { skipDownload: true };
