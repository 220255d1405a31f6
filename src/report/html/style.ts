/** The page's style sheet: light and dark, narrow and wide, screen and paper. No fonts, pictures or other files. */
export const STYLE = `
:root{color-scheme:light dark;--bg:#f6f7f9;--card:#fff;--ink:#1a2027;--quiet:#586473;--line:#dfe3e8;--soft:#eef1f4;--link:#0b5cad;
--lost:#b3261e;--lost-bg:#fdecea;--risk:#8a5300;--risk-bg:#fff4df;--kept:#176b3a;--kept-bg:#e6f4ea;--info:#0b5cad;--info-bg:#e8f1fb}
@media (prefers-color-scheme:dark){:root{--bg:#12161b;--card:#1a2027;--ink:#e6eaef;--quiet:#9aa7b5;--line:#313a45;--soft:#232b34;--link:#7db8f5;
--lost:#ff8a80;--lost-bg:#3a1e1d;--risk:#f2bd5f;--risk-bg:#35290f;--kept:#7fd79c;--kept-bg:#15301f;--info:#7db8f5;--info-bg:#17293c}}
*{box-sizing:border-box}
html{-webkit-text-size-adjust:100%}
body{margin:0;background:var(--bg);color:var(--ink);font:16px/1.55 system-ui,-apple-system,"Segoe UI",Roboto,"Helvetica Neue",Arial,sans-serif;overflow-wrap:anywhere}
main,header.top,footer{max-width:1120px;margin:0 auto;padding:0 20px}
header.top{padding-top:22px;display:flex;flex-wrap:wrap;gap:4px 16px;align-items:baseline;color:var(--quiet);font-size:14px}
header.top strong{color:var(--ink);font-size:16px}
header.top span:last-child{margin-left:auto}
.skip{position:absolute;left:-999px}
.skip:focus{left:12px;top:8px;background:var(--card);padding:6px 12px;border-radius:6px;z-index:1}
a{color:var(--link)}
:focus-visible{outline:3px solid var(--link);outline-offset:2px;border-radius:4px}
code,pre{font:13.5px/1.5 ui-monospace,SFMono-Regular,Menlo,Consolas,"DejaVu Sans Mono",monospace;unicode-bidi:isolate}
code{background:var(--soft);padding:1px 5px;border-radius:4px}
.verdict{display:grid;grid-template-columns:auto 1fr;gap:2px 18px;margin:14px 0 0;padding:22px 24px;border-radius:14px;background:var(--c-bg);border:1px solid var(--c);border-left-width:8px}
.verdict .sign{grid-row:1/3;font-size:44px;line-height:1;color:var(--c);align-self:center;min-width:44px;text-align:center}
.verdict h1{margin:0;font-size:28px;line-height:1.2;color:var(--c)}
.verdict p{margin:0;font-size:17px}
.lost{--c:var(--lost);--c-bg:var(--lost-bg)}.at-risk,.warning{--c:var(--risk);--c-bg:var(--risk-bg)}.kept,.safe{--c:var(--kept);--c-bg:var(--kept-bg)}.error{--c:var(--lost);--c-bg:var(--lost-bg)}.info{--c:var(--info);--c-bg:var(--info-bg)}.unknown{--c:var(--risk);--c-bg:var(--risk-bg)}
.counts{display:flex;flex-wrap:wrap;gap:8px;margin:14px 0 0;padding:0;list-style:none}
.counts li{background:var(--card);border:1px solid var(--line);border-radius:999px;padding:3px 14px;font-size:14px;color:var(--quiet)}
.counts b{color:var(--ink)}
.counts .on{border-color:var(--c)}.counts .on b{color:var(--c)}
section{margin:30px 0 0}
h2{font-size:20px;margin:0 0 12px}
h3{font-size:16px;margin:0}
.card{background:var(--card);border:1px solid var(--line);border-radius:12px;padding:18px 20px;margin:0 0 14px}
.finding{border-left:6px solid var(--c)}
.finding header{display:flex;flex-wrap:wrap;gap:6px 10px;align-items:center;margin-bottom:8px}
.finding p{margin:6px 0}
.finding .message{font-size:17px}
.tag{display:inline-block;font-size:12.5px;font-weight:650;letter-spacing:.02em;padding:2px 9px;border-radius:6px;background:var(--c-bg);color:var(--c);border:1px solid var(--c)}
.mark{font-size:12.5px;color:var(--quiet);border:1px solid var(--line);border-radius:6px;padding:1px 8px}
dl{display:grid;grid-template-columns:max-content 1fr;gap:4px 16px;margin:10px 0 0}
dt{color:var(--quiet);font-size:14px}
dd{margin:0;min-width:0}
dd ul,dd ol{margin:0;padding-left:18px}
dd ul.plain{list-style:none;padding:0}
.quiet{color:var(--quiet);font-size:14px}
.scroll{overflow-x:auto}
.map svg{display:block;width:100%;min-width:760px;height:auto;font-family:inherit}
.map text{fill:var(--ink)}
.map .head{fill:var(--quiet);font-size:13px}
.map .node rect{fill:var(--card);stroke:var(--line);stroke-width:1.5}
.map .node.lost rect{fill:var(--lost-bg);stroke:var(--lost)}
.map .node.unknown rect{stroke-dasharray:3 3;stroke:var(--risk)}
.map .node.kept rect{stroke:var(--kept)}
.map .name{font:600 13px ui-monospace,SFMono-Regular,Menlo,Consolas,"DejaVu Sans Mono",monospace}
.map .sub{font-size:12px;fill:var(--quiet)}
.map .lost .sub{fill:var(--lost)}
.map .edge path{fill:none;stroke:var(--kept);stroke-width:2}
.map .edge.lost path{stroke:var(--lost);stroke-width:3;stroke-dasharray:9 5}
.map .edge.unknown path{stroke:var(--risk);stroke-dasharray:2 4}
.map .badge{fill:var(--card);stroke:var(--kept);stroke-width:2}
.map .edge.lost .badge{stroke:var(--lost)}.map .edge.unknown .badge{stroke:var(--risk)}
.map .sign{font-size:14px;font-weight:700;text-anchor:middle;fill:var(--kept)}
.map .edge.lost .sign{fill:var(--lost)}.map .edge.unknown .sign{fill:var(--risk)}
.legend{display:flex;flex-wrap:wrap;gap:4px 20px;margin:12px 0 0;padding:0;list-style:none;font-size:14px;color:var(--quiet)}
.legend b{color:var(--c);margin-right:5px}
table{border-collapse:collapse;width:100%;font-size:14.5px}
th,td{text-align:left;padding:8px 10px;border-bottom:1px solid var(--line);vertical-align:top;overflow-wrap:normal}
td:first-child,td:last-child{overflow-wrap:anywhere;min-width:150px}
th{color:var(--quiet);font-weight:600;white-space:nowrap}
tr:last-child td{border-bottom:0}
.answer{color:var(--c);font-weight:650;white-space:nowrap}
pre{background:var(--soft);border-radius:8px;padding:12px 14px;margin:8px 0 0;overflow-x:auto}
details.card{padding:10px 20px}pre code{background:none;padding:0}.steps h3{margin-top:16px}.steps p{margin:0}details>summary{cursor:pointer;padding:2px 0;color:var(--link)}details>.card{border:0;padding:8px 0 0;margin:0}.finding.info .message{font-size:16px}
details ul{margin:6px 0 0;padding-left:20px}
footer{padding:26px 20px 40px;color:var(--quiet);font-size:14px}
@media (max-width:560px){main,header.top,footer{padding-left:14px;padding-right:14px}.verdict{padding:16px;gap:2px 12px}.verdict h1{font-size:22px}.verdict .sign{font-size:32px;min-width:32px;align-self:start}.card{padding:14px}dl{grid-template-columns:1fr;gap:2px}dt{margin-top:8px}header.top span:last-child{margin-left:0}}
@media print{:root{color-scheme:light;--bg:#fff;--card:#fff;--ink:#000;--quiet:#444;--line:#bbb;--soft:#f4f4f4;--link:#000;--lost:#b3261e;--lost-bg:#fff;--risk:#8a5300;--risk-bg:#fff;--kept:#176b3a;--kept-bg:#fff;--info:#0b5cad;--info-bg:#fff}body{font-size:11pt}.skip{display:none}.card{break-inside:avoid}.map svg{min-width:0}.scroll{overflow:visible}pre{white-space:pre-wrap}details::details-content{content-visibility:visible;display:block}details>*{display:block}}
`.trim();
