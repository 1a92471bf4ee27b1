/** How the page of a benchmark looks, on top of what all reports share. */
export const benchStyles = `
:root{--s0:#2b6c9f;--s1:#b3401e;--s2:#19704f;--s3:#7446b0;--s4:#8a5a00;--s5:#a02c6d;--s6:#4c5a66;--s7:#00707a}
@media(prefers-color-scheme:dark){:root{--s0:#6fb0e0;--s1:#f2946f;--s2:#62c09a;--s3:#b898ea;--s4:#ddab4e;--s5:#ef8dbf;--s6:#b4bec8;--s7:#5cc6cf}}
body{max-width:100rem}
.unseen{position:absolute;width:1px;height:1px;overflow:hidden;clip-path:inset(50%);white-space:nowrap}
main h2 small{display:block;font-weight:400}main h3{font:600 1rem/1.4 system-ui,sans-serif;margin:1.8rem 0 .5rem}
.jump ul{display:grid;gap:.15rem 1.6rem;grid-template-columns:repeat(auto-fit,minmax(min(24rem,100%),1fr));margin:1rem 0}
.masthead .command{margin-top:.3rem;max-width:46rem}.workload .command{max-width:46rem;margin-top:1rem}
.wide{position:relative;overflow-x:auto;max-width:100%}.tall{max-height:26rem;overflow-y:auto}
.figures-of{width:auto;min-width:min(100%,46rem);font-size:.9rem}
.figures-of caption{text-align:left;font-size:.84rem;color:var(--soft);padding-bottom:.4rem;max-width:60rem}
.figures-of th,.figures-of td{padding:.3rem .9rem .3rem 0;border-bottom:1px solid var(--rule);text-align:right;white-space:nowrap;vertical-align:middle}
.figures-of th:first-child{text-align:left;font-weight:500;position:sticky;left:0;background:var(--paper);z-index:1}
.figures-of thead th,.figures-of tfoot th{font-size:.82rem;font-weight:400;color:var(--soft)}
.figures-of tbody tr:hover>*{background:var(--wash)}
.figures-of .is-failed,.figures-of .is-failed>*{background:var(--bad-wash);color:var(--bad)}
.figures-of .is-void,.figures-of .is-void>*{background:var(--unsure-wash);color:var(--unsure)}
.flag{font-weight:650}
.reasons td{text-align:left!important;white-space:normal!important;max-width:40rem;padding-left:1rem!important;font-size:.86rem}
.matrix .wins{background:var(--good-wash)}.star{color:var(--good);margin-right:.3em}.matrix b{font-weight:600}
.matrix small{display:inline-block;min-width:3.2rem}
.matrix tfoot td{white-space:normal;font-size:.86rem;max-width:14rem;vertical-align:top}.matrix tfoot td small{display:block}
.rounds td:last-child,.rounds td:nth-child(2),.rounds td:nth-child(3){text-align:left}.rounds td:last-child{white-space:normal;min-width:20rem;color:var(--soft)}
.forest{width:100%}.forest td.ratio,.forest th.ratio{width:44%;min-width:15rem;padding-block:0}.forest td,.forest th{border-bottom-color:transparent;padding-block:.1rem}
.forest td:nth-child(4){text-align:left}.forest svg{display:block;overflow:visible;font:11px system-ui,sans-serif}.forest svg text{fill:var(--soft)}
.forest .control>*{border-top:1px solid var(--rule)}
.band{fill:var(--wash)}.one{stroke:var(--soft);stroke-opacity:.7}.shadow{stroke:var(--unsure);stroke-dasharray:2 3;fill:none}
.reach{stroke:currentColor;stroke-width:2}.point{fill:currentColor;stroke:currentColor;stroke-width:1.4}
.d-improvement{color:var(--good)}.d-regression{color:var(--bad)}.d-equal{color:var(--ink)}.d-undecided{color:var(--unsure)}
.d-undecided .point{fill:var(--paper)}
.charts{display:grid;gap:1.6rem 2.4rem;grid-template-columns:repeat(auto-fit,minmax(min(30rem,100%),1fr))}
.chart{min-width:0}.chart figcaption{font-size:.92rem;margin-bottom:.2rem}
.plot{padding:0 .8rem 0 2.8rem}.plot>svg{display:block;overflow:visible;font:11px system-ui,sans-serif}
.plot text{fill:var(--soft)}
.line{fill:none;stroke:currentColor;stroke-width:1.8;vector-effect:non-scaling-stroke;stroke-linejoin:round}
.mark{fill:currentColor;stroke:currentColor;stroke-width:1.4}
.s0{color:var(--s0)}.s1{color:var(--s1)}.s2{color:var(--s2)}.s3{color:var(--s3)}.s4{color:var(--s4)}.s5{color:var(--s5)}.s6{color:var(--s6)}.s7{color:var(--s7)}
.plot .dim{opacity:.13}
.keys{display:flex;flex-wrap:wrap;gap:.25rem .4rem;margin:.4rem 0}
:root:not(.scripted) .key{pointer-events:none}
.key{display:inline-flex;align-items:center;gap:.5rem;padding:.18rem .6rem;font-size:.84rem;border-color:transparent;background:none}
.key svg{overflow:visible}.key[aria-pressed=true]{border-color:var(--ink);background:var(--wash)}
.same{font-size:.86rem}.same summary{cursor:pointer;color:var(--soft)}
.hands td:nth-child(2){width:38%;min-width:11rem}.bars{display:block}
.h-full{fill:var(--wire)}.h-resumed{fill:var(--wire-soft);stroke:var(--wire);stroke-width:.8}.h-failed{fill:url(#p-failed);stroke:var(--bad);stroke-width:.8}
.notes{list-style:disc;padding-left:1.2rem;max-width:60rem;font-size:.92rem}.notes li+li{margin-top:.25rem}
.remarks{margin:.6rem 0;font-size:.9rem;color:var(--unsure)}.remarks small{display:block}
.claims-of td,.claims-of th{font-size:.93rem}
.tables{display:grid;gap:0 3rem;align-items:start;grid-template-columns:repeat(auto-fit,minmax(min(42rem,100%),1fr))}.tables>div{min-width:0}
@media(max-width:46rem){.figures-of{font-size:.84rem}
.forest{min-width:0}.forest thead th:not(.ratio){position:absolute;width:1px;height:1px;overflow:hidden;clip-path:inset(50%)}
.forest,.forest thead,.forest tbody,.forest thead tr{display:block}.forest tbody tr{display:grid;grid-template-columns:1fr auto auto;padding:.4rem 0;border-bottom:1px solid var(--rule)}
.forest th:first-child,.forest td.ratio,.forest thead th.ratio{grid-column:1/-1;width:auto;max-width:none;display:block;padding-right:0;text-align:left;position:static}
.forest td:nth-child(3){text-align:left}.figures-of th:first-child{max-width:9.5rem;white-space:normal}
.figures-of.rounds th:first-child{max-width:7rem}.plot{padding-left:2.4rem}}
@media print{.figures-of th:first-child{position:static}.wide,.tall{overflow:visible;max-height:none}}
`;
