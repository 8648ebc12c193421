// Colours are Okabe and Ito's, which people who see few colours can tell apart, darker on light.
#include "cli/load/load_style.hpp"

namespace mentat_sync {

const char* const load_style = R"(
:root { color-scheme: light dark; --page: #fcfcfb; --card: #ffffff; --ink: #1d2125;
  --soft: #5d666f; --rule: #dfe3e6; --faint: #eef0f2; --blue: #0067a5; --green: #00805c;
  --orange: #c25700; --purple: #9c4a85; --grey: #7a828a; --red: #c0272d; --good: #00704f; }
@media (prefers-color-scheme: dark) { :root { --page: #14171a; --card: #1b1f23; --ink: #e6e9ec;
  --soft: #9aa4ad; --rule: #343a41; --faint: #262b30; --blue: #5db6f0; --green: #35c79a;
  --orange: #f0a04b; --purple: #d793c3; --grey: #8d969f; --red: #ff6b66; --good: #45cfa3; } }
* { box-sizing: border-box; }
body { margin: 0; background: var(--page); color: var(--ink);
  font: 15px/1.5 system-ui, "Segoe UI", "DejaVu Sans", sans-serif; }
main { max-width: 1040px; margin: 0 auto; padding: 32px 24px 48px; }
h1 { font-size: 25px; line-height: 1.25; margin: 0 0 4px; overflow-wrap: anywhere; }
h2 { font-size: 18px; margin: 40px 0 4px; }
p { margin: 4px 0 10px; max-width: 76ch; }
.wide { max-width: none; }
.soft { color: var(--soft); }
.tiles { display: grid; grid-template-columns: repeat(auto-fit, minmax(180px, 1fr)); gap: 12px;
  margin: 22px 0 12px; }
.tile { background: var(--card); border: 1px solid var(--rule); border-radius: 6px;
  padding: 12px 16px; }
.tile b { display: block; font-size: 25px; line-height: 1.3; font-weight: 600;
  font-variant-numeric: tabular-nums; }
.tile span { color: var(--soft); font-size: 13px; display: block; }
.good b { color: var(--good); }
.bad b, strong.bad { color: var(--red); }
.notice { border-left: 4px solid var(--orange); background: var(--card); padding: 10px 16px;
  margin: 12px 0; }
.notice.bad { border-color: var(--red); }
.scroll { overflow-x: auto; }
table { border-collapse: collapse; width: 100%; font-variant-numeric: tabular-nums;
  font-size: 14px; }
th, td { text-align: right; padding: 5px 0 5px 18px; border-bottom: 1px solid var(--faint);
  white-space: nowrap; }
th { color: var(--soft); font-weight: 500; border-bottom-color: var(--rule); }
th:first-child, td:first-child { text-align: left; padding-left: 0; }
tr.sum td { border-top: 1px solid var(--rule); font-weight: 600; }
table.told { width: auto; }
table.told td { text-align: left; white-space: normal; overflow-wrap: anywhere; }
table.told td:first-child { color: var(--soft); white-space: nowrap; }
table.counts { width: auto; }
svg { display: block; width: 100%; height: auto; margin: 8px 0 0; }
svg text { font-size: 12px; fill: var(--ink); font-variant-numeric: tabular-nums; }
svg .mark, svg .title { fill: var(--soft); }
.at-end { text-anchor: end; }
.at-middle { text-anchor: middle; }
.grid { stroke: var(--rule); stroke-width: 1; }
.grid.minor { stroke: var(--faint); }
.line path { fill: none; stroke-width: 1.8; stroke-linejoin: round; stroke-linecap: butt; }
.dashed path { stroke-dasharray: 7 4; }
.dotted path { stroke-dasharray: 2 3; }
.blue path { stroke: var(--blue); } .blue circle, .blue rect { fill: var(--blue); }
.green path { stroke: var(--green); } .green circle { fill: var(--green); }
.orange path { stroke: var(--orange); } .orange circle { fill: var(--orange); }
.purple path { stroke: var(--purple); } .purple circle { fill: var(--purple); }
.grey path { stroke: var(--grey); } .grey circle { fill: var(--grey); }
.red path { stroke: var(--red); } .red circle, .red rect { fill: var(--red); }
.ink path { stroke: var(--ink); stroke-width: 2.4; } .ink circle { fill: var(--ink); }
rect:hover { opacity: 0.7; }
footer { margin-top: 40px; padding-top: 12px; border-top: 1px solid var(--rule); font-size: 13px; }
@media print { body { background: #ffffff; } h2, svg, .tile { break-inside: avoid; } }
)";

}  // namespace mentat_sync
