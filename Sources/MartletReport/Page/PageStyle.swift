extension Page {
    /// How the page looks: one accent, the system's letters, light or dark as the reader's system.
    static let style = """
        :root {
          --ground: #f6f5f2; --card: #ffffff; --ink: #1f2328; --soft: #5f6773; --line: #e2e0db;
          --series-1: #1668b8; --series-2: #e07b1a; --series-3: #2e8b57; --series-4: #7a5aa8;
          --wrong: #c93c28; --right-parts: 22, 104, 184; --wrong-parts: 201, 60, 40;
        }
        @media (prefers-color-scheme: dark) {
          :root {
            --ground: #14171a; --card: #1d2125; --ink: #e8e6e1; --soft: #9aa3ad; --line: #343a40;
            --series-1: #62aef7; --series-2: #f5a65b; --series-3: #6cc48f; --series-4: #b49ae0;
            --wrong: #f06e5a; --right-parts: 98, 174, 247; --wrong-parts: 240, 110, 90;
          }
        }
        * { box-sizing: border-box; }
        body {
          margin: 0; background: var(--ground); color: var(--ink);
          font: 16px/1.5 system-ui, -apple-system, "Segoe UI", Roboto, sans-serif;
          -webkit-text-size-adjust: 100%;
        }
        main { max-width: 76rem; margin: 0 auto; padding: 3rem 1.5rem 4rem; }
        h1 { font-size: 2rem; line-height: 1.2; letter-spacing: -.01em; margin: 0 0 .5rem; }
        h2 { font-size: 1.05rem; font-weight: 650; margin: 0; }
        header p { margin: 0; color: var(--soft); max-width: 46rem; font-size: 1.05rem; }
        .hint { margin: .15rem 0 0; color: var(--soft); font-size: .88rem; max-width: 46rem; }
        .card {
          background: var(--card); border: 1px solid var(--line); border-radius: 14px;
          padding: 1.3rem 1.5rem; margin: 1.25rem 0 0; min-width: 0;
        }
        .facts { display: grid; gap: 1rem; margin-top: 1.75rem;
          grid-template-columns: repeat(auto-fit, minmax(9.5rem, 1fr)); }
        .facts .card { margin: 0; padding: 1rem 1.2rem; }
        .facts b { display: block; font-size: 1.5rem; line-height: 1.3; font-weight: 650;
          font-variant-numeric: tabular-nums; overflow-wrap: anywhere; }
        .facts .card:first-child b { color: var(--series-1); }
        .facts span { color: var(--soft); font-size: .88rem; }
        .pair { display: grid; gap: 0 1.25rem; align-items: start;
          grid-template-columns: repeat(auto-fit, minmax(min(100%, 27rem), 1fr)); }
        .pair > .card { height: calc(100% - 1.25rem); }
        figcaption { display: flex; flex-wrap: wrap; justify-content: space-between;
          align-items: baseline; gap: .2rem 1.2rem; margin-bottom: .9rem; }
        .legend { color: var(--soft); font-size: .88rem; }
        .key { margin-left: 1.2rem; white-space: nowrap; }
        .key:first-child { margin-left: 0; }
        .key i { display: inline-block; width: 1.1em; height: .22em; border-radius: 2px;
          margin-right: .5em; vertical-align: .28em; }
        svg { display: block; width: 100%; height: auto; }
        svg text { font-family: inherit; font-variant-numeric: tabular-nums; }
        .scroll { overflow-x: auto; }
        table { font-variant-numeric: tabular-nums; }
        th { font-weight: 500; color: var(--soft); }
        .pairs, .numbers { width: 100%; border-collapse: collapse; margin-top: .7rem;
          font-size: .94rem; }
        .pairs th, .pairs td, .numbers th, .numbers td { padding: .42rem 0;
          border-top: 1px solid var(--line); vertical-align: top; }
        .pairs th { text-align: left; padding-right: 1.5rem; white-space: nowrap; }
        .pairs td { text-align: right; overflow-wrap: anywhere; }
        .numbers th, .numbers td { text-align: right; padding-left: 1.2rem; white-space: nowrap; }
        .numbers th:first-child { text-align: left; padding-left: 0; }
        .numbers thead th { border-top: 0; font-size: .85rem; }
        .numbers tbody th { color: var(--ink); }
        .numbers.remarks :is(td, th):last-child { text-align: left; white-space: normal;
          color: var(--soft); min-width: 9rem; }
        .confusion { border-collapse: separate; border-spacing: 3px; margin: .8rem auto .2rem; }
        .confusion td { min-width: 2.5rem; padding: .35rem .3rem; text-align: center;
          border-radius: 6px; font-size: .92rem; }
        .confusion th { padding: .2rem .4rem; font-size: .85rem; text-align: center;
          vertical-align: bottom; }
        .confusion tbody th { text-align: right; padding-right: .6rem; vertical-align: middle;
          white-space: nowrap; }
        .confusion th.tall { writing-mode: vertical-rl; transform: rotate(180deg);
          text-align: left; padding: .4rem .2rem; white-space: nowrap; }
        .confusion td.zero { color: var(--line); }
        .confusion td.plain { color: var(--soft); white-space: nowrap; font-size: .85rem; }
        .matrix { max-width: 46rem; margin: .8rem auto 0; }
        .samples { display: grid; gap: 1.1rem 1rem; margin-top: 1rem;
          grid-template-columns: repeat(auto-fill, minmax(6.4rem, 1fr)); }
        .sample { color: var(--soft); font-size: .85rem; text-align: center; line-height: 1.4;
          overflow-wrap: anywhere; }
        .sample img { width: 100%; aspect-ratio: 1; object-fit: contain; display: block;
          image-rendering: pixelated; border-radius: 10px; border: 1px solid var(--line);
          margin-bottom: .4rem; background: #000; }
        .sample b { color: var(--ink); }
        .sample.wrong b { color: var(--wrong); }
        details summary { cursor: pointer; font-size: 1.05rem; font-weight: 650; }
        .notes { margin: .6rem 0 0; padding-left: 1.2rem; max-width: 46rem; }
        .notes li { margin-top: .3rem; }
        code { font: .88em ui-monospace, "SF Mono", Menlo, Consolas, monospace; }
        @media (max-width: 40rem) {
          main { padding: 1.6rem .9rem 2.5rem; }
          h1 { font-size: 1.6rem; }
          .card { padding: 1rem; margin-top: .9rem; border-radius: 12px; }
          .pair > .card { height: auto; }
          .facts { gap: .7rem; margin-top: 1.2rem;
            grid-template-columns: repeat(auto-fit, minmax(8rem, 1fr)); }
          .facts .card { padding: .8rem .9rem; }
          .facts b { font-size: 1.25rem; }
          figure svg text { font-size: 16px; }
          .numbers { font-size: .8rem; }
          .numbers th, .numbers td { padding-left: .5rem; }
          .numbers thead th { font-size: .74rem; }
          .numbers tbody th { white-space: normal; }
          .confusion { border-spacing: 1px; }
          .confusion td { min-width: 1.3rem; padding: .22rem .05rem; font-size: .74rem;
            border-radius: 4px; }
          .confusion th { padding: .15rem .1rem; font-size: .72rem; }
          .confusion tbody th { padding-right: .3rem; }
          .confusion td.plain { font-size: .7rem; padding-left: .25rem; }
          .confusion .precision { display: none; }
          .samples { gap: .8rem .7rem;
            grid-template-columns: repeat(auto-fill, minmax(4.9rem, 1fr)); }
        }
        @media print {
          :root { --ground: #ffffff; --card: #ffffff; --ink: #000000; --soft: #444444; }
          body { font-size: 11pt; }
          main { max-width: none; padding: 0; }
          .card, tr, .sample { break-inside: avoid; }
          td, i, rect, circle { -webkit-print-color-adjust: exact; print-color-adjust: exact; }
        }
        """
}
