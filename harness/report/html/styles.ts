/**
 * How the page looks: system fonts, one calm scale of greys, and a colour only where it says something.
 */
export const pageStyles = `
:root{color-scheme:light dark;
--paper:light-dark(#faf9f6,#131619);--card:light-dark(#fff,#191d21);--ink:light-dark(#20242a,#e4e4e0);
--soft:light-dark(#5d646d,#9ca4ad);--rule:light-dark(#e3e0d9,#2b3036);--wash:light-dark(#f2f0eb,#20252a);
--good:light-dark(#19704f,#62c09a);--bad:light-dark(#b3261e,#f4857b);--unsure:light-dark(#8a5a00,#ddab4e);
--fault:light-dark(#7446b0,#b898ea);--wire:light-dark(#2b6c9f,#6fb0e0);--wire-soft:light-dark(#8db7d6,#3f6f93);
--good-wash:light-dark(#e6f2ec,#17291f);--bad-wash:light-dark(#fbe9e7,#351b19);--unsure-wash:light-dark(#fbf1dc,#2f2612);
--fault-wash:light-dark(#efe7f8,#2a2139);
--mono:ui-monospace,"SF Mono","Cascadia Mono",Menlo,Consolas,"DejaVu Sans Mono",monospace}
[data-theme=light]{color-scheme:light}[data-theme=dark]{color-scheme:dark}
*{box-sizing:border-box}
html{scroll-padding-top:4.5rem}
body{margin:0 auto;max-width:74rem;padding:2.5rem 1.5rem 6rem;background:var(--paper);color:var(--ink);
font:16px/1.55 system-ui,-apple-system,"Segoe UI",Roboto,"Helvetica Neue",sans-serif;-webkit-text-size-adjust:100%}
h1,h2,h3,h4,p,dl,dd,ul,figure{margin:0;padding:0}ul{list-style:none}
a{color:inherit;text-decoration-color:var(--soft);text-underline-offset:.18em}a:hover{text-decoration-color:currentColor}
code,.command{font-family:var(--mono);font-size:.84em}
small{font-size:.84em;color:var(--soft)}
:focus-visible{outline:2px solid var(--wire);outline-offset:2px;border-radius:3px}
.is-expected{--tone:var(--good);--tone-wash:var(--good-wash)}
.is-unexpected{--tone:var(--bad);--tone-wash:var(--bad-wash)}
.is-inconclusive{--tone:var(--unsure);--tone-wash:var(--unsure-wash)}
.tone-good{color:var(--good)}.tone-bad{color:var(--bad);font-weight:600}.tone-unsure{color:var(--unsure)}
.tone-quiet,.tone-asked{color:var(--soft)}
.req{font:500 .78rem/1 var(--mono);color:var(--soft);border:1px solid var(--rule);border-radius:3px;padding:.12em .38em;white-space:nowrap}

.brand{display:flex;flex-wrap:wrap;align-items:baseline;gap:.2rem .6em;font-weight:600;letter-spacing:.01em}.brand span{font:400 .84em var(--mono);color:var(--soft)}
.theme{margin-left:auto;font-weight:400;font-size:.8rem;padding:.25rem .6rem}
h1{display:flex;align-items:center;gap:.6rem;font-size:clamp(1.9rem,5vw,2.9rem);line-height:1.1;font-weight:650;letter-spacing:-.022em;margin:1.6rem 0 .5rem;color:var(--tone)}
.seal{display:inline-grid;place-items:center;width:1.35em;height:1.35em;border-radius:50%;background:var(--tone-wash);font-size:.72em}
.headline{font-size:1.12rem;color:var(--soft)}
.urgent{margin-top:1.2rem;display:grid;gap:.4rem}
.urgent li{padding:.5rem .8rem;border-left:3px solid var(--tone,var(--rule));background:var(--tone-wash,none);border-radius:0 5px 5px 0;overflow-wrap:anywhere}
.urgent a{font:600 .86rem var(--mono)}.urgent span{display:block;font-size:.9rem;color:var(--soft)}
.map{display:flex;flex-wrap:wrap;gap:1.1rem 2.2rem;margin:1.8rem 0 1.6rem}
.map-name{display:block;font:.78rem var(--mono);color:var(--soft);margin-bottom:.35rem}
.cells{display:flex;flex-wrap:wrap;gap:3px}
.cell{display:grid;place-items:center;width:1.6rem;height:1.6rem;border-radius:4px;background:var(--tone-wash);color:var(--tone);font-size:.8rem;font-weight:600;text-decoration:none}
.cell:hover{outline:1.5px solid var(--tone)}
.cell.is-unexpected,.cell.is-inconclusive{background:var(--tone);color:var(--paper)}
.cell.dim{opacity:.25}
.figures{display:flex;flex-wrap:wrap;gap:.9rem 1.7rem;padding:1rem 0;border-block:1px solid var(--rule)}
.figures dt{font-size:.8rem;color:var(--soft)}.figures dd{font-weight:600;font-variant-numeric:tabular-nums}
.minor{font-size:.8rem;font-weight:400;color:var(--soft);margin:1.2rem 0 .3rem}
.command{display:flex;align-items:stretch;max-width:100%;background:var(--wash);border-radius:6px;font-size:.86rem}
.command code{flex:1;min-width:0;padding:.55rem .8rem;white-space:pre-wrap;overflow-wrap:anywhere;font-size:1em}
button,select,input{font:inherit;font-size:.9rem;color:inherit;background:var(--card);border:1px solid var(--rule);border-radius:6px;padding:.42rem .7rem}
button{cursor:pointer}button:hover{border-color:var(--soft)}
.copy{border:0;border-left:1px solid var(--rule);border-radius:0 6px 6px 0;background:none;min-width:5rem;font-family:system-ui,sans-serif}
.versions{margin-top:.8rem;display:flex;flex-wrap:wrap;gap:.1rem 1.1rem;font-size:.8rem;color:var(--soft)}.versions b{font-weight:500;color:var(--ink)}

main h2{font-size:1.3rem;font-weight:620;letter-spacing:-.01em;margin:3.2rem 0 .9rem}
table{border-collapse:collapse;width:100%;font-variant-numeric:tabular-nums}
.stack th,.stack td{text-align:left;vertical-align:top;padding:.55rem .9rem .55rem 0;border-bottom:1px solid var(--rule);overflow-wrap:anywhere}
.stack thead th{font-size:.8rem;font-weight:400;color:var(--soft);padding-block:.25rem}
.stack tbody th{font-weight:500;max-width:26rem}
.measured{font-weight:620}
.faults th code,.claims td{white-space:nowrap}.faults th:first-child{width:1%}
code.said{background:var(--wash);border-radius:3px;padding:.05em .3em}
.checks td,.checks th{font-size:.93rem}.checks th code{display:block;color:var(--soft);font-weight:400}
.checks small,.faults small{display:block}.reported{color:var(--fault)}
.verdict{display:block;font-size:.85rem}
.evidence a{font:.95em var(--mono);padding:0 .15em}

.filter{position:sticky;top:0;z-index:2;display:flex;flex-wrap:wrap;gap:.5rem;align-items:center;padding:.6rem 0;background:var(--paper)}
.filter input{flex:1 1 14rem;min-width:0}.filter output{font-size:.85rem;color:var(--soft);min-width:5.2em;text-align:right;font-variant-numeric:tabular-nums}
#fold{min-width:6.4rem}
.group{margin-top:1.6rem}h3{font:600 1rem var(--mono);margin-bottom:.5rem}
.scenario{background:var(--card);border:1px solid var(--rule);border-radius:8px;margin-bottom:.45rem}
.scenario[open]{margin-block:.9rem}
.scenario>summary{display:grid;grid-template-columns:9.6rem minmax(0,1fr) auto;gap:.3rem 1rem;align-items:baseline;padding:.7rem 1rem;cursor:pointer;list-style:none}
.scenario>summary::-webkit-details-marker{display:none}
.scenario>summary:hover .title{text-decoration:underline;text-decoration-color:var(--rule);text-underline-offset:.2em}
.badge{color:var(--tone);font-size:.85rem;font-weight:600;white-space:nowrap}
.is-unexpected .badge,.is-inconclusive .badge{background:var(--tone-wash);border-radius:4px;padding:.1em .5em;margin-left:-.5em;justify-self:start}
.title{font-weight:560}.what code{display:block;color:var(--soft);overflow-wrap:anywhere}
.short{display:flex;gap:1.1rem;font-size:.85rem;color:var(--soft);white-space:nowrap}
.body{padding:.2rem 1rem 1.2rem;border-top:1px solid var(--rule)}
.why{margin:1rem 0;padding:.6rem .9rem;background:var(--tone-wash);border-left:3px solid var(--tone);border-radius:0 5px 5px 0;overflow-wrap:anywhere}
.tale{margin-top:.9rem;max-width:46rem}.tale p+p{margin-top:.6rem}
.facts{display:flex;flex-wrap:wrap;gap:.3rem .9rem;align-items:center;font-size:.85rem;color:var(--soft)}
.actions{display:flex;flex-wrap:wrap;gap:.4rem;margin-top:.7rem}.actions button,.pointed button{font-size:.8rem;padding:.25rem .6rem}
.pointed button{white-space:nowrap}button:disabled{opacity:.5;cursor:default}
th .link{display:block;margin-top:.2rem;font:400 .75rem system-ui,sans-serif;border:0;padding:0;background:none;color:var(--soft);text-decoration:underline;text-underline-offset:.18em}
.by-hand{width:100%;height:8rem;margin-top:.4rem;font:.8rem var(--mono);color:inherit;background:var(--wash);border:1px solid var(--rule);border-radius:6px}
h4{font-size:.95rem;font-weight:620;margin:1.6rem 0 .4rem}

.tools{display:flex;flex-wrap:wrap;gap:.35rem;align-items:center}
.tools button{min-width:2.2rem;padding:.2rem .5rem}.tools input{flex:1 1 8rem;min-width:0;max-width:24rem;padding:0;accent-color:var(--wire)}
.tools output{font-size:.8rem;color:var(--soft);font-variant-numeric:tabular-nums;margin-left:auto}
.time{overflow:hidden;padding:.5rem .6rem .2rem;margin:0 -.6rem}
.axis{display:block;overflow:visible;font:11px system-ui,sans-serif;touch-action:pan-y;user-select:none;-webkit-user-select:none}
.axis text{fill:var(--soft)}.axis .who{font-size:13px}.axis .name{font-weight:650;fill:var(--ink)}
.axis .lane-name{fill:var(--ink)}.axis .lane-name tspan{fill:var(--soft)}
.grid line{stroke:var(--rule)}.edge{stroke:var(--soft);stroke-opacity:.5}
.guide{stroke:var(--fault);stroke-opacity:.22}.cursor{stroke:var(--ink);stroke-dasharray:2 2}
.b-stall{fill:var(--rule);stroke:var(--soft);stroke-width:1}
.b-fault{fill:var(--fault-wash);stroke:var(--fault);stroke-opacity:.55;stroke-width:1}
.b-secure{fill:var(--wire);stroke:var(--wire)}.b-resumed{fill:var(--wire-soft);stroke:var(--wire)}
.b-failed{fill:url(#k-hatch);stroke:var(--bad)}.b-plain{fill:var(--card);stroke:var(--soft)}
.hatch-ground{fill:var(--card)}.hatch-line{stroke:var(--bad);stroke-width:3}
.hit{fill:transparent;stroke:none}.symbols{position:absolute}
[class^=k-] path,[class^=k-] circle:not(.hit){fill:none;stroke:var(--soft);stroke-width:1.4}
.k-strike path{fill:var(--fault)!important;stroke:var(--card)!important;stroke-width:1!important}
.k-reset path,.k-refused path{stroke:var(--bad)!important;stroke-width:2!important}
.k-open path{stroke:var(--wire)!important}
.k-answered path,.k-duplicate path{stroke:var(--good)!important;stroke-width:1.6!important}
.k-duplicate path{stroke:var(--unsure)!important}
.k-rejected path{fill:var(--unsure)!important;stroke:var(--card)!important;stroke-width:.8!important}
.k-broken path{fill:var(--bad)!important;stroke:var(--card)!important;stroke-width:.8!important}
.k-debug circle:not(.hit){fill:var(--soft)!important;stroke:none!important}
.k-info circle:not(.hit){stroke:var(--wire)!important;fill:var(--card)!important}
.k-warn path{fill:var(--unsure)!important;stroke:var(--card)!important;stroke-width:.8!important}
.k-error path,.k-fatal path{fill:var(--bad)!important;stroke:var(--card)!important;stroke-width:.8!important}
.k-state path{fill:var(--card)!important}.k-note path{stroke:var(--ink)!important}
.curve{fill:none;stroke:var(--wire);stroke-width:1.4;vector-effect:non-scaling-stroke}
.axis [data-n]{cursor:pointer}
.related [data-n]{opacity:.3}.related .on,.related .striking,.related .struck{opacity:1}
.axis .striking{filter:drop-shadow(0 0 2px var(--fault)) drop-shadow(0 0 2px var(--fault))}
.axis rect.struck,.axis rect.on{stroke-width:2.5}
.axis .struck{filter:drop-shadow(0 0 1.5px var(--fault))}
.axis .on{filter:drop-shadow(0 0 1.5px var(--ink)) drop-shadow(0 0 1px var(--ink))}
.pointed{display:flex;gap:.5rem;align-items:flex-start;margin:.3rem 0 .2rem}
.probe{display:block;flex:1;min-width:0;height:5.4rem;overflow:auto;padding:.5rem .8rem;background:var(--wash);border-radius:6px;font:.8rem/1.5 var(--mono);white-space:pre-wrap;overflow-wrap:anywhere;color:var(--soft)}
.probe.told{color:var(--ink)}
.legend{display:flex;flex-wrap:wrap;gap:.1rem 1rem;margin:.4rem 0 1rem;font-size:.8rem;color:var(--soft)}
.legend li{display:flex;align-items:center;gap:.35rem}.legend svg{overflow:visible}
.entries,.held{border-top:1px solid var(--rule);padding:.45rem 0}.entries summary,.held summary{cursor:pointer;font-size:.92rem}
.file{font-size:.85rem;color:var(--soft);margin:.4rem 0;overflow-wrap:anywhere}
.panes{display:grid;grid-template-columns:minmax(0,3fr) minmax(0,2fr);gap:.4rem 1rem}
.sift{display:flex;gap:.6rem;align-items:center;min-height:2.3rem;margin-bottom:.3rem;font-size:.85rem;color:var(--soft)}
.sift input{flex:1;min-width:0;padding:.3rem .6rem}.sift output:empty{display:none}
.scroll{height:24rem;overflow:auto;position:relative;border:1px solid var(--rule);border-radius:6px}
.scroll table{font:.78rem/1.45 var(--mono)}
.scroll th,.scroll td{padding:.18rem .5rem;text-align:left;vertical-align:top}
.scroll thead th{position:sticky;top:0;z-index:1;background:var(--wash);font-weight:500;color:var(--soft)}
.scroll td{white-space:nowrap;color:var(--soft)}.scroll td:last-child{white-space:normal;overflow-wrap:anywhere;color:var(--ink)}
.live{table-layout:fixed;min-width:34rem}.live td{overflow:hidden;text-overflow:ellipsis;height:22px;padding-block:0}
.live td:last-child{white-space:nowrap}.live .space td{padding:0}.live tbody tr:hover td{background:var(--wash)}
.rows th:first-child{width:3.9rem}.rows th:nth-child(2){width:6.4rem}.rows th:nth-child(3){width:10rem}
.raw .live{min-width:0}.raw th:first-child{width:6.4rem}.raw th:nth-child(2){width:4.2rem}.raw th:nth-child(3){width:auto}
.by{color:var(--fault)}
.lv-warn td:last-child{color:var(--unsure)}.lv-error td:last-child{color:var(--bad)}.lv-strike td:last-child{color:var(--fault)}
tr:target td,tr.hit-row td,tr.linked>*{background:var(--unsure-wash)}
.scenario.linked{border-color:var(--wire);box-shadow:0 0 0 1px var(--wire)}tr.linked>:first-child{box-shadow:inset 3px 0 var(--wire)}
[hidden]{display:none!important}

@media(max-width:60rem){.panes{grid-template-columns:minmax(0,1fr)}.scroll{height:17rem}}
@media(max-width:46rem){
.pointed{flex-wrap:wrap}.probe{flex-basis:100%}
body{padding:1.4rem 1rem 4rem;font-size:15px}
.scenario>summary{grid-template-columns:minmax(0,1fr)}.short{flex-wrap:wrap;white-space:normal}
.filter{position:static}.filter input{flex-basis:100%}.filter select{flex:1 1 45%;min-width:0}
.stack thead{position:absolute;width:1px;height:1px;overflow:hidden;clip-path:inset(50%)}
.stack,.stack tbody,.stack tr,.stack th,.stack td{display:block;border:0;padding:0;max-width:none}
.stack tr{padding:.7rem 0;border-bottom:1px solid var(--rule)}
.stack td{display:grid;grid-template-columns:9rem minmax(0,1fr);gap:0 .8rem;margin-top:.3rem}
.stack td>*{grid-column:2}.stack td::before{content:attr(data-label);font-size:.82rem;font-weight:400;color:var(--soft);grid-row:1}}
@media print{body{max-width:none;padding:0;font-size:10.5pt}.js,.entries{display:none!important}
.scenario{break-inside:auto;border:0;border-top:1px solid var(--rule)}.scenario>summary,h3,h4,tr{break-inside:avoid;break-after:avoid-page}
.time{overflow:visible}*{print-color-adjust:exact;-webkit-print-color-adjust:exact}}
`;
