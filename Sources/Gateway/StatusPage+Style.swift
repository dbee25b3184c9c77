extension StatusPage {
    static let style = #"""
        :root {
          --ground: #f5f7f9; --card: #ffffff; --ink: #17212b; --quiet: #55626f; --rule: #e2e7ec;
          --in: #1f6fb2; --out: #14806a; --fill: rgba(20, 128, 106, .12);
          --good: #14704f; --good-ground: #e2f3ec; --warn: #7d5300; --warn-ground: #fdf1d6;
          --bad: #a3211b; --bad-ground: #fce8e6;
        }
        @media (prefers-color-scheme: dark) { :root {
          --ground: #0f151b; --card: #171f27; --ink: #e3e9ef; --quiet: #98a6b3; --rule: #26313c;
          --in: #6db3f2; --out: #45c7a5; --fill: rgba(69, 199, 165, .13);
          --good: #57d0a2; --good-ground: #12322a; --warn: #eabf5a; --warn-ground: #352a10;
          --bad: #ff8f87; --bad-ground: #3b1a19;
        } }
        * { box-sizing: border-box; }
        [hidden] { display: none !important; }
        body { margin: 0 auto; max-width: 76rem; padding: 1.25rem; background: var(--ground); color: var(--ink);
          font: 1rem/1.45 system-ui, -apple-system, "Segoe UI", Roboto, "Noto Sans", "DejaVu Sans", sans-serif;
          font-variant-numeric: tabular-nums; }
        h1, h2, p { margin: 0; }
        header { display: flex; flex-wrap: wrap; align-items: center; gap: .5rem .75rem; margin-bottom: 1rem; }
        h1 { font-size: 1.35rem; font-weight: 650; letter-spacing: -.01em; }
        .mark { width: 1.75rem; fill: none; stroke: var(--in); stroke-width: 3.5; stroke-linecap: round; }
        .about { margin-left: auto; color: var(--quiet); font-size: .875rem; }
        .about span + span::before { content: "· "; }
        .about span:empty::before { content: none; }
        .pill { padding: .15rem .7rem; border-radius: 1rem; font-size: .875rem; font-weight: 600;
          background: var(--rule); color: var(--quiet); }
        .ready .pill { background: var(--good-ground); color: var(--good); }
        .unready .pill { background: var(--warn-ground); color: var(--warn); }
        .gone .pill { background: var(--bad-ground); color: var(--bad); }
        .gone main > :not(#notices), .waiting main > :not(#notices):not(noscript) { opacity: .45; }
        .notice { margin-bottom: .75rem; padding: .6rem .9rem; border-radius: .5rem; background: var(--warn-ground);
          color: var(--warn); overflow-wrap: anywhere; }
        .notice.bad { background: var(--bad-ground); color: var(--bad); }
        .tile, .card { background: var(--card); border: 1px solid var(--rule); border-radius: .6rem; }
        .tiles { display: grid; grid-template-columns: repeat(auto-fit, minmax(11rem, 1fr)); gap: .75rem; }
        .tile { padding: .8rem 1rem; }
        h2 { font-size: .875rem; font-weight: 600; color: var(--quiet); }
        h2 small { font-weight: 400; }
        .number { margin-top: .15rem; color: var(--quiet); }
        .number b { font-size: 1.75rem; font-weight: 600; letter-spacing: -.02em; color: var(--ink); }
        .small { color: var(--quiet); font-size: .8125rem; }
        .warm .number b { color: var(--warn); }
        .dot { display: inline-block; width: .55rem; height: .55rem; margin-right: .4rem; border-radius: 50%; }
        .dot.in, .line.in { background: var(--in); } .dot.out, .line.out { background: var(--out); }
        .line { display: inline-block; width: 1rem; height: .2rem; margin-right: .35rem; border-radius: .1rem;
          vertical-align: middle; }
        .meter { height: .35rem; margin: .3rem 0; border-radius: .2rem; background: var(--rule); overflow: hidden; }
        .meter div { width: 0; height: 100%; background: var(--in); }
        .warm .meter div { background: var(--warn); }
        .card { margin-top: .75rem; padding: .9rem 1rem; position: relative; }
        .legend { position: absolute; top: .9rem; right: 1rem; font-size: .8125rem; color: var(--quiet); }
        .legend span { margin-left: .75rem; }
        .chart { position: relative; margin-top: .6rem; }
        .chart svg { display: block; width: 100%; height: 11rem; }
        .chart path { fill: none; stroke-width: 2; vector-effect: non-scaling-stroke; stroke-linejoin: round; }
        .chart .grid { stroke: var(--rule); stroke-width: 1; stroke-dasharray: 3 4; }
        .chart .base { stroke-dasharray: none; }
        .chart .in { stroke: var(--in); } .chart .out { stroke: var(--out); }
        .chart .area { fill: var(--fill); stroke: none; }
        .chart span { position: absolute; left: 0; padding-right: .4rem; background: var(--card);
          font-size: .75rem; color: var(--quiet); line-height: 1; }
        .top { top: 0; transform: translateY(-45%); } .half { top: 50%; transform: translateY(-50%); }
        .axis { display: flex; justify-content: space-between; margin-top: .25rem; font-size: .75rem;
          color: var(--quiet); }
        .wide { overflow-x: auto; }
        table { width: 100%; margin-top: .4rem; border-collapse: collapse; font-size: .9rem; }
        th, td { padding: .35rem .75rem .35rem 0; border-top: 1px solid var(--rule); text-align: right;
          white-space: nowrap; }
        th { border-top: 0; color: var(--quiet); font-size: .8125rem; font-weight: 500; }
        th:first-child, td:first-child { min-width: 5.5rem; max-width: 24rem; text-align: left; white-space: normal;
          overflow-wrap: break-word; }
        .word { text-align: left; } td:last-child, th:last-child { padding-right: 0; }
        #topics-card th:nth-child(2), .pair section:first-child th:nth-child(2) { text-align: left; }
        .healthy { color: var(--good); } .stuck { color: var(--warn); font-weight: 600; }
        .calm { margin-top: .4rem; color: var(--quiet); font-size: .9rem; }
        .pair { display: grid; grid-template-columns: 3fr 2fr; gap: 0 .75rem; }
        button { margin-top: .5rem; padding: .3rem .8rem; border: 1px solid var(--rule); border-radius: .4rem;
          background: none; color: var(--ink); font: inherit; font-size: .8125rem; cursor: pointer; }
        a { color: var(--in); } a:focus-visible, button:focus-visible { outline: 2px solid var(--in);
          outline-offset: 2px; }
        footer { margin-top: 1rem; font-size: .8125rem; } footer a { margin-right: 1rem; }
        @media (max-width: 48rem) {
          body { padding: .75rem; }
          .pair { grid-template-columns: minmax(0, 1fr); }
          .about { margin-left: 0; width: 100%; }
          .tiles { grid-template-columns: repeat(2, minmax(0, 1fr)); }
          .number b { font-size: 1.4rem; }
          table { font-size: .8125rem; }
          th, td { padding-right: .6rem; }
        }
        """#
}
