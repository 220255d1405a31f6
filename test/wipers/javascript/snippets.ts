/** Programs of every kind that a clean script can be. `code` is a `node -e` string or `files` with a `main`. */
export interface Snippet {
  readonly name: string;
  readonly code?: string;
  readonly main?: string;
  readonly files?: Readonly<Record<string, string>>;
  readonly args?: readonly string[];
}

const e = (name: string, code: string, args: readonly string[] = []): Snippet => ({ name, code, args });
const f = (
  name: string,
  files: Readonly<Record<string, string>>,
  main = Object.keys(files)[0] ?? '',
  args: readonly string[] = [],
): Snippet => ({ name, files, main, args });

export const SNIPPETS: readonly Snippet[] = [
  e(
    'the founding case',
    `const fs=require('fs');['.wwebjs_auth','.wwebjs_cache'].forEach(p=>{if(fs.existsSync(p)){fs.rmSync(p,{recursive:true});console.log('Cleared:',p)}})`,
  ),
  e('rmSync dist', `require('fs').rmSync('dist',{recursive:true,force:true})`),
  e(
    'rmSync with variable',
    `const fs=require('fs'); const d='data'; fs.rmSync(d+'/sessions',{recursive:true,force:true})`,
  ),
  e('argv loop', `for(let i=1;i<process.argv.length;i++)fs.rmSync(process.argv[i],{recursive:true,force:true});`, [
    'dist',
    '.wwebjs_cache',
  ]),
  e(
    'missing without force stops',
    `const fs=require('fs');fs.rmSync('nope',{recursive:true});fs.rmSync('.wwebjs_auth',{recursive:true})`,
  ),
  e(
    'missing with force goes on',
    `const fs=require('fs');fs.rmSync('nope',{recursive:true,force:true});fs.rmSync('.wwebjs_auth',{recursive:true})`,
  ),
  e(
    'try around each',
    `const fs=require('fs');for(const d of ['nope','.wwebjs_auth']){try{fs.rmSync(d,{recursive:true})}catch{}}`,
  ),
  e('try without recursive', `try{require('fs').rmSync('.wwebjs_auth')}catch{}`),
  e('unlink a directory', `try{require('fs').unlinkSync('dist')}catch(e){}`),
  e('unlink one file', `try{require('fs').unlinkSync('dist/index.js')}catch{}`),
  e('rmdir not empty', `require('fs').rmdir('.wwebjs_auth',()=>{})`),
  e(
    'callback rm',
    `require('fs').rm('.wwebjs_auth',{recursive:true},err=>{if(!err)require('fs').rmSync('dist',{recursive:true})})`,
  ),
  e(
    'promise rm',
    `require('fs').promises.rm('data/sessions',{recursive:true,force:true}).then(()=>require('fs').promises.rm('logs',{recursive:true}))`,
  ),
  e(
    'promise chain error',
    `require('fs/promises').rm('nope').catch(()=>require('fs').rmSync('tmp',{recursive:true})).finally(()=>require('fs').rmSync('dist',{recursive:true}))`,
  ),
  e(
    'async main',
    `const {rm}=require('fs/promises');(async()=>{for(const d of ['dist','tmp'])await rm(d,{recursive:true})})()`,
  ),
  e(
    'Promise.all map',
    `const {rm}=require('fs/promises');Promise.all(['.wwebjs_auth','logs'].map(d=>rm(d,{recursive:true,force:true}))).then(()=>console.log('ok'))`,
  ),
  e(
    'only Singleton',
    `const fs=require('fs'),p=require('path');for(const f of fs.readdirSync('.wwebjs_auth/session'))if(f.startsWith('Singleton'))fs.unlinkSync(p.join('.wwebjs_auth/session',f))`,
  ),
  e(
    'only session dirs',
    `const fs=require('fs');fs.readdirSync('.wwebjs_auth').filter(n=>n.startsWith('session-')).forEach(n=>fs.rmSync('.wwebjs_auth/'+n,{recursive:true}))`,
  ),
  e(
    'regex filter',
    `const fs=require('fs');fs.readdirSync('.').filter(n=>/^\\.wwebjs_(auth|cache)$/.test(n)).map(n=>fs.rmSync(n,{recursive:true}))`,
  ),
  e(
    'regex no match',
    `const fs=require('fs');fs.readdirSync('.').filter(n=>/\\.log$/.test(n)).map(n=>fs.unlinkSync(n))`,
  ),
  e(
    'all but',
    `const fs=require('fs');const keep=['package.json','node_modules','data'];for(const n of fs.readdirSync('.'))if(!keep.includes(n))fs.rmSync(n,{recursive:true})`,
  ),
  e(
    'withFileTypes',
    `const fs=require('fs');for(const d of fs.readdirSync('.',{withFileTypes:true}))if(d.isDirectory()&&d.name.startsWith('.ww'))fs.rmSync(d.name,{recursive:true})`,
  ),
  e(
    'files only',
    `const fs=require('fs'),path=require('path');fs.readdirSync('logs').forEach(f=>{const p=path.resolve('logs',f);if(fs.statSync(p).isFile()&&path.extname(p)==='.log')fs.unlinkSync(p)})`,
  ),
  e('rename away', `require('fs').renameSync('.wwebjs_auth','.wwebjs_auth.bak')`),
  e(
    'rename and back',
    `const fs=require('fs');fs.renameSync('.wwebjs_auth','b');fs.rmSync('dist',{recursive:true});fs.renameSync('b','.wwebjs_auth')`,
  ),
  e('env default', `require('fs').rmSync(process.env.SESSION_DIR||'.wwebjs_auth',{recursive:true,force:true})`),
  e('env nullish', `require('fs').rmSync(process.env.SESSION_DIR??'./data/sessions',{recursive:true,force:true})`),
  e('flag off', `const a=process.argv.includes('--all');if(a)require('fs').rmSync('.wwebjs_auth',{recursive:true})`),
  e('flag on', `const a=process.argv.includes('--all');if(a)require('fs').rmSync('.wwebjs_auth',{recursive:true})`, [
    '--',
    '--all',
  ]),
  e('template', 'const n="two";require("fs").rmSync(`.wwebjs_auth/session-${n}`,{recursive:true})'),
  e('chdir', `process.chdir('data');require('fs').rmSync('sessions',{recursive:true})`),
  e('exit first', `process.exit(0);require('fs').rmSync('.wwebjs_auth',{recursive:true})`),
  e('exit handler', `process.on('exit',()=>require('fs').rmSync('dist',{recursive:true}))`),
  e('timeout', `setTimeout(()=>require('fs').rmSync('tmp',{recursive:true}),10)`),
  e('execSync rm', `require('child_process').execSync('true')`),
  e(
    'switch',
    `const t='auth';switch(t){case 'cache':require('fs').rmSync('.wwebjs_cache',{recursive:true});break;case 'auth':require('fs').rmSync('.wwebjs_auth',{recursive:true});break;default:require('fs').rmSync('data',{recursive:true})}`,
  ),
  e('while', `const fs=require('fs');const q=['dist','tmp'];while(q.length){fs.rmSync(q.pop(),{recursive:true})}`),
  e(
    'do while with labels',
    `const fs=require('fs');let i=0;o:do{for(const x of ['dist','tmp']){if(i>0)break o;fs.rmSync(x,{recursive:true});}i++}while(true)`,
  ),
  e(
    'object of paths',
    `const P={auth:'.wwebjs_auth',cache:'.wwebjs_cache'};for(const [k,v] of Object.entries(P))if(k!=='auth')require('fs').rmSync(v,{recursive:true})`,
  ),
  e('Object.values', `Object.values({a:'dist',b:'logs'}).forEach(d=>require('fs').rmSync(d,{recursive:true}))`),
  e(
    'class',
    `class C{constructor(d){this.d=d}clean(){require('fs').rmSync(this.d,{recursive:true})}}class D extends C{clean(){super.clean();require('fs').rmSync('tmp',{recursive:true})}}new D('dist').clean()`,
  ),
  e(
    'destructured',
    `const {rmSync:r,existsSync:x}=require('fs');const [a,...b]=['dist','tmp','logs'];x(a)&&r(a,{recursive:true});b.slice(1).forEach(d=>r(d,{recursive:true}))`,
  ),
  e('ternary', `require('fs').rmSync(process.platform==='win32'?'logs':'tmp',{recursive:true})`),
  e(
    'recursive function',
    `const fs=require('fs'),path=require('path');function del(p){if(fs.existsSync(p)){fs.readdirSync(p).forEach(f=>{const c=path.join(p,f);if(fs.lstatSync(c).isDirectory())del(c);else fs.unlinkSync(c)});fs.rmdirSync(p)}}del('.wwebjs_auth')`,
  ),
  e('reduce', `require('fs').rmSync(['data','sessions'].reduce((a,b)=>a+'/'+b),{recursive:true})`),
  e('join and split', `require('fs').rmSync('data:sessions'.split(':').join('/'),{recursive:true})`),
  e(
    'Set and Map',
    `const m=new Map([['a','dist']]);m.set('b','tmp');for(const [,d] of m)require('fs').rmSync(d,{recursive:true});new Set(['logs']).forEach(d=>require('fs').rmSync(d,{recursive:true}))`,
  ),
  e('default parameter', `function c(d='.wwebjs_auth'){require('fs').rmSync(d,{recursive:true})}c()`),
  e('closure counter', `let n=0;const c=()=>{n++;if(n===2)require('fs').rmSync('dist',{recursive:true})};c();c()`),
  e('truncate', `require('fs').truncateSync('data/keep.db')`),
  e('writes nothing away', `require('fs').writeFileSync('tmp/x','new')`),
  e('mkdir and rm', `const fs=require('fs');fs.mkdirSync('a/b',{recursive:true});fs.rmSync('a',{recursive:true})`),
  e(
    'cpSync then rm',
    `const fs=require('fs');fs.cpSync('.wwebjs_auth','backup',{recursive:true});fs.rmSync('.wwebjs_auth',{recursive:true})`,
  ),
  e(
    'finally',
    `try{throw new Error('x')}catch(e){if(e.message==='x')require('fs').rmSync('tmp',{recursive:true})}finally{require('fs').rmSync('logs',{recursive:true})}`,
  ),
  e('throws out', `function a(){throw new Error('stop')}a();require('fs').rmSync('.wwebjs_auth',{recursive:true})`),
  e(
    'access guard',
    `const fs=require('fs');try{fs.accessSync('nope');fs.rmSync('.wwebjs_auth',{recursive:true})}catch{}`,
  ),
  e(
    'optional chaining',
    `const o={fs:require('fs')};o?.fs?.rmSync?.('dist',{recursive:true});o.nothing?.rmSync('tmp',{recursive:true})`,
  ),
  e('spread', `const o={recursive:true};require('fs').rmSync('dist',{...o,force:true});Math.max(...[1,2])`),
  e(
    'emptying a directory',
    `const fs=require('fs');for(const n of fs.readdirSync('.wwebjs_auth'))fs.rmSync('.wwebjs_auth/'+n,{recursive:true,force:true})`,
  ),
  e(
    'resolve with dots',
    `const p=require('path');require('fs').rmSync(p.resolve('data','..','.wwebjs_auth'),{recursive:true})`,
  ),
  e('promisify', `const u=require('util');u.promisify(require('fs').rm)('dist',{recursive:true})`),
  e('new Promise', `new Promise(r=>setTimeout(r,5)).then(()=>require('fs').rmSync('dist',{recursive:true}))`),
  e('rimraf', `require('rimraf').rimrafSync('dist')`),
  e('rimraf glob off', `require('rimraf').rimrafSync('.ww*')`),
  e('rimraf glob on', `require('rimraf').rimrafSync('logs/*.log',{glob:true})`),
  e('rimraf list', `require('rimraf').rimraf(['dist','.wwebjs_auth/session'])`),
  e('fs-extra remove', `require('fs-extra').removeSync('.wwebjs_auth')`),
  e('fs-extra emptyDir', `require('fs-extra').emptyDirSync('.wwebjs_auth')`),
  e('fs-extra move', `require('fs-extra').moveSync('.wwebjs_auth','old/auth')`),
  e('fs-extra promise', `require('fs-extra').remove('dist').then(()=>require('fs-extra').emptyDir('logs'))`),
  e('shelljs rm', `require('shelljs').rm('-rf','dist','.wwebjs_cache')`),
  e('shelljs rm without flags', `require('shelljs').rm('.wwebjs_auth')`),
  e('shelljs rm glob', `require('shelljs').rm('-rf','logs/*.log')`),
  e('shelljs mv', `require('shelljs').mv('.wwebjs_auth','data')`),
  e('shelljs cd', `const s=require('shelljs');s.cd('data');s.rm('-rf','sessions')`),
  f('two imports away', {
    'tools/clean.js': `const { clear } = require('../lib/manager');\nclear('session');\n`,
    'lib/manager.js': `const paths = require('./paths');\nconst fs = require('fs');\nexports.clear = (name) => fs.rmSync(paths.dir(name), { recursive: true, force: true });\n`,
    'lib/paths.js': `const path = require('path');\nmodule.exports.dir = (name) => path.join(__dirname, '..', '.wwebjs_auth', name);\n`,
  }),
  f('ES modules', {
    'clean.mjs': `import fs from 'node:fs';\nimport { dirs as all } from './dirs.mjs';\nimport keep, * as more from './dirs.mjs';\nfor (const d of all) if (d !== keep && d !== more.other) fs.rmSync(new URL(d, import.meta.url), { recursive: true });\n`,
    'dirs.mjs': `export const dirs = ['./dist', './tmp', './logs'];\nexport const other = './logs';\nexport default './tmp';\n`,
  }),
  f('dirname of a module', {
    'scripts/reset.mjs': `import { dirname, join } from 'path';\nimport { fileURLToPath } from 'url';\nimport { rm } from 'fs/promises';\nconst here = dirname(fileURLToPath(import.meta.url));\nawait rm(join(here, '..', '.wwebjs_auth'), { recursive: true, force: true });\n`,
  }),
  f('require.main', {
    'a.js': `const fs=require('fs');function run(){fs.rmSync('dist',{recursive:true})}\nif (require.main === module) run();\nmodule.exports={run};\n`,
  }),
  f('not main', {
    'b.js': `require('./a');\n`,
    'a.js': `const fs=require('fs');function run(){fs.rmSync('dist',{recursive:true})}\nif (require.main === module) run();\nmodule.exports={run};\n`,
  }),
  f(
    'argument of a helper',
    {
      'rmdir.js': `const fs=require('fs');for(const dir of process.argv.slice(2))fs.rmSync(dir,{recursive:true,force:true});\n`,
    },
    'rmdir.js',
    ['dist'],
  ),
  f('a question', {
    'ask.mjs': `import readline from 'node:readline/promises';\nimport { rmSync } from 'node:fs';\nconst rl = readline.createInterface({ input: process.stdin, output: process.stdout });\nconst answer = await rl.question('Delete the session? (y/N) ');\nif (answer.toLowerCase() !== 'y') process.exit(1);\nrmSync('.wwebjs_auth', { recursive: true });\nrl.close();\n`,
  }),
  f('a question with a callback', {
    'ask.js': `const rl=require('readline').createInterface({input:process.stdin,output:process.stdout});\nrl.question('Sure? ', a => { if (a === 'n') { rl.close(); return; } require('fs').rmSync('dist',{recursive:true}); rl.close(); });\n`,
  }),
  f('a dictionary of modes', {
    'm.js': `const fs=require('fs');const modes={cache:()=>fs.rmSync('.wwebjs_cache',{recursive:true}),all(){fs.rmSync('.wwebjs_auth',{recursive:true})}};const mode=process.argv[2]||'cache';(modes[mode]||modes.all)();\n`,
  }),
  f('JSON list', {
    'm.js': `for (const d of require('./list.json').dirs) require('fs').rmSync(require('path').join(__dirname, d), { recursive: true });\n`,
    'list.json': '{"dirs":["dist","data/sessions"]}',
  }),
  f('a log that names rm', {
    'm.js': `console.log('rm -rf .wwebjs_auth');\n// fs.rmSync('.wwebjs_auth')\nconst hint = "fs.rmSync('.wwebjs_auth',{recursive:true})";\nconsole.log(hint);\n`,
  }),
  f('del', { 'm.mjs': `import { deleteAsync } from 'del';\nawait deleteAsync(['logs/*', '!logs/*.txt', 'dist']);\n` }),
  f('del of a hidden directory', { 'm.mjs': `import { deleteSync } from 'del';\ndeleteSync(['.ww*', 'tmp']);\n` }),
  f('getter and static', {
    'm.js': `class P{static base='.wwebjs_auth';get dir(){return P.base+'/session-two'}}\nrequire('fs').rmSync(new P().dir,{recursive:true});\n`,
  }),
  f('generator and async iterator', {
    'm.mjs': `import { opendir, rm } from 'fs/promises';\nconst names=[];for await (const e of await opendir('logs')) names.push(e.name);\nif (names.includes('a.log')) await rm('tmp',{recursive:true});\n`,
  }),
];
