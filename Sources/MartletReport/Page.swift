/// A whole HTML page that needs nothing but itself.
struct Page {
    var title: String
    /// Elements for the body, one after the other.
    var sections: [String]

    var html: String {
        """
        <!DOCTYPE html>
        <html lang="en">
        <head>
        <meta charset="utf-8">
        <meta name="viewport" content="width=device-width, initial-scale=1">
        <meta name="color-scheme" content="light dark">
        <title>\(escaped(title))</title>
        <style>
        \(Self.style)
        </style>
        </head>
        <body>
        <main>
        \(sections.joined(separator: "\n"))
        </main>
        </body>
        </html>

        """
    }

    private static let style = """
        :root {
          --ground: #f6f5f2; --card: #ffffff; --ink: #1f2328; --soft: #5f6773; --line: #dcdad4;
          --series-1: #0b6bcb; --series-2: #c2570c; --right: 11, 107, 203; --wrong: 201, 60, 40;
        }
        @media (prefers-color-scheme: dark) {
          :root {
            --ground: #14171a; --card: #1d2125; --ink: #e8e6e1; --soft: #9aa3ad; --line: #343a40;
            --series-1: #62aef7; --series-2: #f0995a; --right: 98, 174, 247; --wrong: 240, 110, 90;
          }
        }
        * { box-sizing: border-box; }
        body {
          margin: 0; background: var(--ground); color: var(--ink);
          font: 16px/1.5 system-ui, -apple-system, "Segoe UI", Roboto, sans-serif;
        }
        main { max-width: 72rem; margin: 0 auto; padding: 2rem 1rem 3rem; }
        h1 { font-size: 1.7rem; line-height: 1.2; margin: 0 0 .3rem; }
        h2 { font-size: 1.05rem; margin: 0; }
        p { margin: 0; color: var(--soft); max-width: 44rem; }
        .card {
          background: var(--card); border: 1px solid var(--line); border-radius: 12px;
          padding: 1rem 1.1rem; margin: 1rem 0 0;
        }
        .facts { display: grid; grid-template-columns: repeat(auto-fit, minmax(8.5rem, 1fr));
          gap: 1rem; margin-top: 1.3rem; }
        .facts .card { margin: 0; }
        .facts b { display: block; font-size: 1.5rem; line-height: 1.25; font-weight: 650;
          font-variant-numeric: tabular-nums; }
        .facts span, figcaption span, .hint, th, .sample { color: var(--soft); font-size: .85rem; }
        .pair { display: grid; grid-template-columns: repeat(auto-fit, minmax(min(100%, 24rem), 1fr));
          gap: 0 1rem; }
        figcaption { display: flex; flex-wrap: wrap; justify-content: space-between; gap: .2rem 1rem;
          margin-bottom: .5rem; }
        .key { margin-left: 1rem; white-space: nowrap; }
        .key:first-child { margin-left: 0; }
        .key i { display: inline-block; width: .8em; height: .8em; border-radius: 50%;
          margin-right: .4em; }
        svg { display: block; width: 100%; height: auto; }
        svg text { fill: var(--soft); font-size: 13px; }
        svg .grid { stroke: var(--line); stroke-width: 1; }
        svg polyline { fill: none; stroke-width: 2.2; stroke-linejoin: round; stroke-linecap: round; }
        .scroll { overflow-x: auto; }
        table { border-collapse: separate; border-spacing: 3px; margin: .6rem 0 .2rem;
          font-variant-numeric: tabular-nums; }
        td { min-width: 2.4rem; padding: .3rem .35rem; text-align: center; border-radius: 5px; }
        th { padding: .2rem .4rem; font-weight: 500; text-align: center; }
        tbody th { text-align: right; padding-right: .5rem; }
        td.zero { color: var(--line); }
        td.plain { color: var(--soft); white-space: nowrap; }
        .samples { display: grid; grid-template-columns: repeat(auto-fill, minmax(6.2rem, 1fr));
          gap: .8rem; margin-top: .8rem; }
        .sample { text-align: center; line-height: 1.35; }
        .sample img { width: 100%; aspect-ratio: 1; image-rendering: pixelated; border-radius: 8px;
          border: 1px solid var(--line); display: block; margin-bottom: .3rem; background: #000; }
        .sample b { color: var(--ink); }
        .sample.wrong img { border: 3px solid rgb(var(--wrong)); }
        .sample.wrong b { color: rgb(var(--wrong)); }
        @media (max-width: 40rem) {
          main { padding: 1.2rem .7rem 2rem; }
          .card { padding: .8rem .8rem; }
          .facts { gap: .6rem; grid-template-columns: repeat(auto-fit, minmax(8rem, 1fr)); }
          svg text { font-size: 19px; }
          table { border-spacing: 1px; font-size: .78rem; }
          td { min-width: 1.35rem; padding: .25rem .1rem; }
          th { padding: .2rem .15rem; font-size: .75rem; }
          tbody th { padding-right: .35rem; }
          tr.precision { display: none; }
          .samples { grid-template-columns: repeat(auto-fill, minmax(4.8rem, 1fr)); gap: .6rem; }
        }
        """
}

/// Text with the characters that HTML gives a meaning written as entities.
func escaped(_ text: String) -> String {
    var result = ""
    for character in text {
        switch character {
        case "&": result += "&amp;"
        case "<": result += "&lt;"
        case ">": result += "&gt;"
        case "\"": result += "&quot;"
        case "'": result += "&#39;"
        default: result.append(character)
        }
    }
    return result
}
