import { paletteCss } from './palette.js';

/** The page's whole style. One column of words, pictures two abreast where there is room, nothing that moves. */
export const PAGE_STYLE = `${paletteCss(':root')}
*{box-sizing:border-box}
body{margin:0 auto;padding:2.5rem 1.5rem 5rem;max-width:1240px;background:var(--paper);color:var(--ink);font:15px/1.5 system-ui,-apple-system,'Segoe UI',Roboto,'Helvetica Neue',sans-serif}
h1{font-size:1.75rem;line-height:1.2;margin:0 0 .4rem;font-weight:650;letter-spacing:-.01em}
h2{font-size:1.3rem;margin:3.5rem 0 .6rem;padding-top:1rem;border-top:1px solid var(--grid);font-weight:650}
h3{font-size:1rem;line-height:1.35;margin:0;font-weight:600;text-wrap:pretty}
p{max-width:46rem;margin:.4rem 0}
a{color:inherit;text-decoration-color:var(--muted);text-underline-offset:.2em}
small,.muted,figcaption p{color:var(--muted)}
figcaption p{font-size:.85rem;line-height:1.4;margin:.25rem 0 .9rem}
.figures{display:grid;grid-template-columns:repeat(auto-fit,minmax(min(100%,500px),1fr));gap:0 3rem;margin:1.5rem 0}
figure{margin:0 0 2.2rem;min-width:0;display:grid;grid-row:span 2;grid-template-rows:subgrid;align-items:start}
svg{display:block;max-width:100%;height:auto;font-variant-numeric:tabular-nums}
.wide{overflow-x:auto;margin:1rem 0}
table{border-collapse:collapse;font-size:.85rem;font-variant-numeric:tabular-nums}
th{text-align:left;font-weight:600;color:var(--muted);white-space:nowrap}
th,td{padding:.3rem 1.1rem .3rem 0;border-bottom:1px solid var(--grid);vertical-align:top}
.n{text-align:right;white-space:nowrap}
.good{color:var(--good)}
.bad{color:var(--bad)}
ul{padding-left:1.1rem}
code{font:.85em ui-monospace,SFMono-Regular,Menlo,Consolas,monospace}
summary{cursor:pointer;color:var(--muted);margin-top:1rem}
@media print{h2{break-before:page}}`;
