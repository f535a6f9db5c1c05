extension Page {
    /// How the page looks: one accent, the system's letters, light or dark as the reader's system.
    static let style = """
        :root {
          --ground: #f6f5f2; --card: #ffffff; --ink: #1f2328; --soft: #5b6470; --line: #e4e2dd;
          --series-1: #1668b8; --series-2: #d9730f; --series-3: #2e8b57; --series-4: #7a5aa8;
          --wrong: #c03522; --right-parts: 22, 104, 184; --wrong-parts: 201, 60, 40;
        }
        @media (prefers-color-scheme: dark) {
          :root {
            --ground: #14171a; --card: #1c2024; --ink: #e8e6e1; --soft: #a0a8b1; --line: #33393f;
            --series-1: #62aef7; --series-2: #f5a65b; --series-3: #6cc48f; --series-4: #b49ae0;
            --wrong: #f4806e; --right-parts: 98, 174, 247; --wrong-parts: 240, 110, 90;
          }
        }
        * { box-sizing: border-box; }
        body {
          margin: 0; background: var(--ground); color: var(--ink);
          font: 16px/1.5 system-ui, -apple-system, "Segoe UI", Roboto, sans-serif;
          -webkit-text-size-adjust: 100%; overflow-wrap: break-word;
        }
        main { max-width: 76rem; margin: 0 auto; padding: 3rem 1.5rem 4rem; }
        h1 { font-size: 2rem; line-height: 1.2; letter-spacing: -.015em; margin: 0 0 .35rem;
          overflow-wrap: anywhere; }
        h2 { font-size: 1.02rem; font-weight: 650; line-height: 1.4; margin: 0; }
        header > p { margin: 0; color: var(--soft); max-width: 46rem; }
        .hint { margin: .1rem 0 0; color: var(--soft); font-size: .875rem; max-width: 46rem; }
        .facts { display: flex; flex-wrap: wrap; align-items: flex-end; gap: 1.2rem 3.2rem;
          margin: 1.9rem 0 .6rem; }
        .facts b { display: block; font-size: 1.45rem; line-height: 1.25; font-weight: 600;
          font-variant-numeric: tabular-nums; overflow-wrap: anywhere; }
        .facts div:first-child b { font-size: 2.7rem; line-height: 1.1; letter-spacing: -.02em;
          color: var(--series-1); }
        .facts span { color: var(--soft); font-size: .875rem; }
        .card {
          background: var(--card); border: 1px solid var(--line); border-radius: 12px;
          padding: 1.3rem 1.5rem 1.4rem; margin: 1.25rem 0 0; min-width: 0;
        }
        .pair { display: grid; gap: 0 1.25rem; align-items: start;
          grid-template-columns: repeat(auto-fit, minmax(min(100%, 27rem), 1fr)); }
        .pair > .card { height: calc(100% - 1.25rem); }
        .column { display: grid; align-content: start; min-width: 0; }
        figcaption { display: flex; flex-wrap: wrap; justify-content: space-between;
          align-items: baseline; gap: .2rem 1.2rem; margin-bottom: 1rem; }
        .legend { color: var(--soft); font-size: .875rem; font-variant-numeric: tabular-nums; }
        .legend b { color: var(--ink); font-weight: 550; margin-left: .15em; }
        .key { margin-left: 1.3rem; white-space: nowrap; }
        .key:first-child { margin-left: 0; }
        .key i { display: inline-block; width: 1.1em; height: .2em; border-radius: 2px;
          margin-right: .5em; vertical-align: .28em; }
        svg { display: block; width: 100%; height: auto; }
        svg text { font-family: inherit; font-variant-numeric: tabular-nums; }
        .scroll { overflow-x: auto; }
        table { font-variant-numeric: tabular-nums; }
        th { font-weight: 400; color: var(--soft); }
        .pairs, .numbers { width: 100%; border-collapse: collapse; margin-top: .7rem;
          font-size: .92rem; }
        .pairs :is(th, td), .numbers :is(th, td) { padding: .4rem 0;
          border-top: 1px solid var(--line); vertical-align: baseline; }
        .pairs th { text-align: left; padding-right: 1.2rem; width: 10.5rem; }
        .pairs td { overflow-wrap: anywhere; }
        .numbers :is(th, td) { text-align: right; padding-left: 1.2rem; white-space: nowrap; }
        .numbers th:first-child { text-align: left; padding-left: 0; }
        .numbers.named :is(th, td):nth-child(2) { text-align: left; white-space: normal; }
        .numbers thead th { border-top: 0; font-size: .84rem; }
        .numbers tbody th { color: var(--ink); overflow-wrap: anywhere; white-space: normal; }
        .numbers small { display: block; color: var(--soft); font-size: .92em; }
        .numbers tfoot :is(th, td) { border-top: 2px solid var(--line); font-weight: 600;
          color: var(--ink); }
        .confusion { border-collapse: separate; border-spacing: 3px; margin: .8rem auto .2rem; }
        .confusion td { min-width: 2.5rem; padding: .36rem .3rem; text-align: center;
          border-radius: 5px; font-size: .9rem; }
        .confusion th { padding: .2rem .4rem; font-size: .84rem; text-align: center;
          vertical-align: bottom; }
        .confusion tbody th { text-align: right; padding-right: .5rem; vertical-align: middle; }
        .name { display: block; overflow: hidden; text-overflow: ellipsis; white-space: nowrap;
          max-width: 9rem; margin-left: auto; }
        .confusion th.tall { writing-mode: vertical-rl; transform: rotate(180deg);
          text-align: left; padding: .4rem .2rem; }
        .tall .name { max-width: none; max-height: 9rem; }
        .confusion td.zero { color: var(--soft); opacity: .4; }
        .matrix { max-width: 46rem; margin: .8rem auto 1rem; }
        .samples { display: grid; gap: 1.1rem .9rem; margin-top: 1rem;
          grid-template-columns: repeat(auto-fill, minmax(4.9rem, 1fr)); }
        .samples.long { grid-template-columns: repeat(auto-fill, minmax(7.6rem, 1fr)); }
        .sample { color: var(--soft); font-size: .84rem; text-align: center; line-height: 1.4;
          overflow-wrap: anywhere; font-variant-numeric: tabular-nums; }
        .sample img { width: 100%; aspect-ratio: 1; object-fit: contain; display: block;
          image-rendering: pixelated; border-radius: 8px; margin-bottom: .35rem;
          background: #000; }
        .sample b { color: var(--ink); font-weight: 650; }
        .sample.wrong b { color: var(--wrong); }
        .truth, .long .sample :is(b, span) { display: block; }
        details summary { cursor: pointer; font-size: 1.02rem; font-weight: 650; }
        .card details { margin-top: 1rem; }
        .card details summary { font-size: .92rem; font-weight: 550; }
        .notes p { margin: .55rem 0 0; max-width: 40rem; font-size: .92rem; }
        code { font: .88em/1.5 ui-monospace, "SF Mono", Menlo, Consolas, monospace; }
        @media (max-width: 40rem) {
          main { padding: 1.6rem .9rem 2.5rem; }
          h1 { font-size: 1.6rem; }
          .card { padding: 1rem 1rem 1.1rem; margin-top: .9rem; }
          .pair > .card { height: auto; }
          .facts { display: grid; grid-template-columns: 1fr 1fr; gap: .9rem 1rem;
            margin: 1.3rem 0 .4rem; }
          .facts div:first-child { grid-column: 1 / -1; }
          .facts b { font-size: 1.2rem; }
          figure svg text { font-size: 16px; }
          .pairs th { width: 7.6rem; padding-right: .8rem; }
          .pairs, .numbers { font-size: .84rem; }
          .numbers :is(th, td) { padding-left: .55rem; }
          .numbers thead th { font-size: .76rem; }
          .confusion { border-spacing: 1px; }
          .confusion td { min-width: 1.3rem; padding: .22rem .05rem; font-size: .74rem;
            border-radius: 3px; }
          .confusion th { padding: .15rem .1rem; font-size: .72rem; }
          .confusion tbody th { padding-right: .3rem; }
          .name { max-width: 4.8rem; }
          .tall .name { max-height: 6rem; }
          .samples { gap: .8rem .65rem;
            grid-template-columns: repeat(auto-fill, minmax(4.4rem, 1fr)); }
          .samples.long { grid-template-columns: repeat(auto-fill, minmax(6.2rem, 1fr)); }
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
