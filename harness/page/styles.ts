/** How the page differs from the report’s: it is a bench to work at, wide and dense. */
export const handStyles = `
body{max-width:none;padding:.7rem 1rem 2rem;font-size:15px}
.top{display:flex;flex-wrap:wrap;gap:.4rem .8rem;align-items:center}
.top h1{display:block;margin:0;font-size:1.15rem;font-weight:650;letter-spacing:0;color:var(--ink)}
.top h1 small{font:400 .85rem var(--mono);margin-left:.3em}
#lab{font-size:.85rem;color:var(--soft);margin-right:auto}#lab::before{content:"● "}
[data-lab=here] #lab{color:var(--good)}[data-lab=gone] #lab{color:var(--bad);font-weight:600}
[data-lab=gone] main{opacity:.55}
.top .theme{margin-left:0}
#said{min-height:1.5rem;font-size:.88rem;color:var(--soft);overflow-wrap:anywhere}#said.bad{color:var(--bad)}
main{display:grid;gap:1rem 1.2rem;grid-template-columns:minmax(0,1fr)}
.column{display:grid;gap:1rem;align-content:start;min-width:0}
main h2{font-size:1rem;margin:0;font-weight:620}
section{min-width:0}
.head{display:flex;flex-wrap:wrap;gap:.3rem .9rem;align-items:center;min-height:2.1rem;margin-bottom:.3rem}
.head h2{margin-right:auto}.head label,.head output{font-size:.84rem;color:var(--soft)}
.head input[type=search]{width:9rem;padding:.2rem .5rem}.head select{padding:.2rem .4rem;max-width:12rem}
.tick{display:inline-flex;gap:.35em;align-items:center;white-space:nowrap}
button,select,input{font-size:.86rem;padding:.28rem .6rem;max-width:100%}
button:disabled{opacity:.5;cursor:default}
button.main{background:var(--fault);border-color:var(--fault);color:var(--paper);font-weight:600}
.buttons{display:flex;gap:.5rem;margin-top:.7rem}
.more,.none,.hint{font-size:.84rem;color:var(--soft)}.none{padding:.6rem .7rem}
.wrong{margin-top:.5rem;padding:.4rem .7rem;font-size:.88rem;background:var(--bad-wash);color:var(--bad);border-left:3px solid var(--bad);border-radius:0 5px 5px 0;overflow-wrap:anywhere}

#links{display:grid;gap:.5rem;margin-top:.4rem}
.link-card{background:var(--card);border:1px solid var(--rule);border-radius:7px;padding:.55rem .7rem}
.link-card.off{border-style:dashed}.link-card.off .link-name{color:var(--soft);text-decoration:line-through}
.link-line{display:flex;flex-wrap:wrap;gap:.2rem .6rem;align-items:baseline}
.link-name{font:600 .92rem var(--mono);overflow-wrap:anywhere;min-width:0}
.link-open{font-size:.82rem;color:var(--soft);margin-right:auto}
.link-way{font:.78rem var(--mono);color:var(--soft);overflow-wrap:anywhere}
.toxics{display:grid;gap:.3rem;margin-top:.35rem}.toxics:empty{display:none}
.toxic{display:flex;flex-wrap:wrap;gap:.25rem .5rem;align-items:center;background:var(--fault-wash);border-radius:5px;padding:.25rem .45rem;font-size:.84rem}
.toxic b{font:600 .82rem var(--mono);color:var(--fault);overflow-wrap:anywhere}
.toxic span{color:var(--ink);overflow-wrap:anywhere;min-width:0}
.toxic .strikes{margin-left:auto;font-variant-numeric:tabular-nums;white-space:nowrap}
.toxic button,.link-card button,td button{font-size:.78rem;padding:.12rem .45rem}

#play{background:var(--card);border:1px solid var(--rule);border-radius:7px;padding:.6rem .7rem;margin-top:.4rem}
#play label{display:grid;gap:.12rem;align-content:start;font-size:.84rem;min-width:0}#play label small{font-size:.76rem}
#play select,#play input:not([type=checkbox]){width:100%;min-width:0}
#play .tick{display:flex}
.pair,.fields{display:grid;grid-template-columns:repeat(auto-fill,minmax(9.5rem,1fr));gap:.5rem .7rem}
#play>label{margin-top:.5rem}.hint{margin:.25rem 0 .5rem}
#play details{margin-top:.6rem}#play summary{cursor:pointer;font-size:.84rem}#play details .fields{margin-top:.5rem}

#programs{display:grid;gap:.4rem;margin-top:.4rem}
.program{background:var(--card);border:1px solid var(--rule);border-radius:7px;padding:.45rem .7rem}
.program.runs{border-color:var(--good)}.program-line{display:flex;flex-wrap:wrap;gap:.2rem .6rem;align-items:baseline}
.program b{font-size:.92rem}.program small{flex:1 1 12rem}.program button{font-size:.78rem;padding:.12rem .45rem}
.program summary{cursor:pointer;font-size:.8rem;color:var(--soft)}
.program textarea{width:100%;height:4.6rem;margin-top:.3rem;font:.78rem/1.5 var(--mono);color:inherit;background:var(--wash);border:1px solid var(--rule);border-radius:6px}
dialog{width:min(56rem,calc(100vw - 1.4rem));max-height:calc(100vh - 2rem);padding:1rem 1.2rem;color:var(--ink);background:var(--paper);border:1px solid var(--rule);border-radius:9px}
dialog::backdrop{background:rgb(0 0 0/.35)}
dialog h2{font-size:1.05rem;margin:0}dialog h3{font:600 .86rem system-ui,sans-serif;margin:.8rem 0 .25rem}
dialog label{display:grid;gap:.12rem;font-size:.84rem}dialog label.tick{display:flex}dialog label input:not([type=checkbox]){width:100%}
dialog .pair{margin:.4rem 0}
dialog pre{margin:0;max-height:18rem;overflow:auto;padding:.6rem .8rem;background:var(--wash);border-radius:6px;font:.78rem/1.5 var(--mono)}
.plain{list-style:none;margin:0;padding:0;font:.8rem/1.55 var(--mono);max-height:9rem;overflow:auto;overflow-wrap:anywhere}
#save-file{font:400 .82rem var(--mono);color:var(--soft)}.saved{min-height:1.4rem;margin-top:.5rem;font-size:.88rem;color:var(--good);overflow-wrap:anywhere}
.scroll{height:auto;max-height:24rem;background:var(--card);contain:content}
.lines li{content-visibility:auto;contain-intrinsic-size:auto 1.3em}
#connections-scroll table{font:.84rem/1.4 system-ui,sans-serif}
#connections-scroll td,#connections-scroll th{white-space:nowrap;color:var(--ink);padding:.3rem .55rem}
#connections-scroll td.time,#connections-scroll td.bytes,#connections-scroll td.state{white-space:normal;overflow-wrap:normal}
#connections-scroll td:last-child{white-space:normal;min-width:8rem}
#connections-scroll td.faults{white-space:normal;min-width:6rem;color:var(--fault)}
#connections-scroll td.who{white-space:normal;min-width:7rem}
.who b{font:600 .84rem var(--mono)}.who small{display:block}
.is-over td{color:var(--soft)!important}.is-paused td{background:var(--unsure-wash)}
.acts{display:flex;flex-wrap:wrap;gap:.25rem}

.lines{list-style:none;margin:0;padding:.2rem 0;font:.78rem/1.5 var(--mono);height:22rem;max-height:none}
.lines li{padding:.05rem .6rem;overflow-wrap:anywhere;display:grid;grid-template-columns:5.6rem minmax(0,1fr);gap:.5rem}
.lines li time{color:var(--soft)}
.lines .lv-strike span{color:var(--fault)}.lines .lv-warn span{color:var(--unsure)}.lines .lv-error span{color:var(--bad)}
.lines .lv-quiet span{color:var(--soft)}
@media(min-width:64rem){main{grid-template-columns:25rem minmax(0,1fr)}#logs-column{grid-column:2}}
@media(min-width:100rem){main.with-logs{grid-template-columns:26rem minmax(0,1.15fr) minmax(0,1fr)}#logs-column{grid-column:auto}
.lines{height:calc(50vh - 6rem);min-height:18rem}#logs{height:calc(100vh - 8.5rem)}#connections-scroll{max-height:calc(50vh - 4.5rem)}}
@media(max-width:46rem){body{padding:.7rem .7rem 3rem}.scroll{max-height:30rem}.lines{height:17rem}
#connections-scroll td,#connections-scroll th{white-space:normal;padding:0;min-width:0!important}.stack tr{padding:.6rem .7rem}
.stack td{grid-template-columns:5.5rem minmax(0,1fr)}}
`;
