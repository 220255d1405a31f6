const qrcode = require('qrcode');
const { Client, LocalAuth } = require('whatsapp-web.js');
const { assertPersistentSession, gracefulShutdown, puppeteerFlags } = require('wa-doctor/guard');

const client = new Client({
  // Absolute, and on the volume of docker-compose.yml: the working directory does not matter.
  authStrategy: new LocalAuth({ dataPath: '/data/wwebjs' }),
  puppeteer: {
    executablePath: '/usr/bin/chromium',
    args: ['--no-sandbox'],
    // Puppeteer's own handlers would kill the browser before destroy() is done.
    ...puppeteerFlags,
  },
});

client.on('qr', async (qr) => console.log(await qrcode.toString(qr, { type: 'terminal', small: true })));
client.on('ready', () => console.log('ready'));
client.on('message', (message) => {
  if (message.body === '!ping') void message.reply('pong');
});

async function main() {
  // Refuses to start where the login would be lost; a first start, without a session, is fine.
  await assertPersistentSession(client, { onProblem: 'exit' });
  // Before initialize(): SIGTERM, SIGINT and SIGHUP now close the browser first.
  gracefulShutdown(client);
  await client.initialize();
}

main().catch((error) => {
  console.error(error);
  process.exit(1);
});
