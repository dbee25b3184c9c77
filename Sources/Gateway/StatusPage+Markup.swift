extension StatusPage {
    /// The style and the script come between their tags.
    static let markup = #"""
        <!doctype html>
        <html lang="en">
        <head>
        <meta charset="utf-8">
        <meta name="viewport" content="width=device-width, initial-scale=1">
        <meta name="color-scheme" content="light dark">
        <title>Sluice</title>
        <link rel="icon" href="data:image/svg+xml,%3Csvg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 32 32'%3E%3Cg%20
        fill='none' stroke='%232f7fb8' stroke-width='4' stroke-linecap='round'%3E%3Cpath d='M3 10q6-6 13 0t13 0M3 17q6-6%20
        13 0t13 0M3 24q6-6 13 0t13 0'/%3E%3C/g%3E%3C/svg%3E">
        <style></style>
        </head>
        <body class="waiting">
        <header>
        <svg class="mark" viewBox="0 0 32 32" aria-hidden="true">
        <path d="M3 10q6-6 13 0t13 0M3 17q6-6 13 0t13 0M3 24q6-6 13 0t13 0"/>
        </svg>
        <h1>Sluice</h1>
        <p id="state" class="pill" role="status">Asking…</p>
        <p class="about"><span id="host"></span> <span id="version"></span> <span id="uptime"></span></p>
        </header>
        <main>
        <noscript><p class="notice bad">This page needs JavaScript. <a href="status">/status</a> has the same as JSON.
        </p></noscript>
        <div id="notices" role="alert"></div>

        <section class="tiles" aria-label="Now">
        <div class="tile"><h2><i class="dot in"></i>Received</h2>
        <p class="number"><b id="received-rate">–</b> /s</p>
        <p class="small"><span id="received">–</span> logs; <span id="received-bytes-rate">–</span>/s</p></div>
        <div class="tile"><h2><i class="dot out"></i>Delivered</h2>
        <p class="number"><b id="delivered-rate">–</b> /s</p>
        <p class="small"><span id="delivered">–</span> logs in Kafka</p></div>
        <div class="tile"><h2>In flight</h2><p class="number"><b id="in-flight">–</b></p>
        <p class="small"><span id="in-flight-bytes">–</span>, the oldest <span id="oldest">–</span></p></div>
        <div class="tile" id="dropped-tile"><h2>Dropped</h2><p class="number"><b id="dropped-rate">–</b> /s</p>
        <p class="small"><span id="dropped">–</span> logs since the start</p></div>
        <div class="tile"><h2>Connections</h2><p class="number"><b id="connections">–</b></p>
        <p class="small"><span id="accepted">–</span> accepted, <span id="refused">–</span> refused</p></div>
        <div class="tile" id="pressure-tile"><h2>Pressure</h2><p class="number"><b id="paused">–</b> not read</p>
        <div class="meter" id="meter" role="meter" aria-label="Memory of logs in flight" aria-valuemin="0"
        aria-valuemax="100"><div id="filled"></div></div>
        <p class="small" id="memory">–</p></div>
        </section>

        <section class="card">
        <h2>Logs a second</h2>
        <p class="legend"><span><i class="line in"></i>received</span>
        <span><i class="line out"></i>delivered</span></p>
        <div class="chart">
        <svg id="chart" viewBox="0 0 1200 240" preserveAspectRatio="none" role="img" aria-label="Logs a second">
        <path class="grid" d="M0 1H1200M0 120H1200"/>
        <path class="grid base" d="M0 239H1200"/>
        <path id="area" class="area"/>
        <path id="delivered-line" class="out"/>
        <path id="received-line" class="in"/>
        </svg>
        <span class="top" id="chart-top"></span><span class="half" id="chart-half"></span>
        </div>
        <p class="axis"><span>2 minutes ago</span><span>now</span></p>
        </section>

        <section class="card" id="topics-card">
        <h2>Topics <small>the slowest first</small></h2>
        <div class="wide"><table>
        <thead><tr><th scope="col">Topic</th><th scope="col">State</th><th scope="col">Delivered /s</th>
        <th scope="col">In flight</th><th scope="col">Oldest</th><th scope="col">Delivered</th></tr></thead>
        <tbody id="topics"></tbody>
        </table></div>
        <button type="button" id="more-topics" hidden></button>
        </section>

        <div class="pair">
        <section class="card">
        <h2>Routes</h2>
        <div class="wide"><table>
        <thead><tr><th scope="col">Path</th><th scope="col">Topic</th><th scope="col">Connections</th>
        <th scope="col">Received /s</th><th scope="col">Received</th></tr></thead>
        <tbody id="routes"></tbody>
        </table></div>
        <button type="button" id="more-routes" hidden></button>
        </section>
        <section class="card">
        <h2>Dropped, by reason</h2>
        <p id="no-drops" class="calm">Nothing has been dropped.</p>
        <div class="wide"><table id="drops-table" hidden>
        <thead><tr><th scope="col">Reason</th><th scope="col">Logs</th></tr></thead>
        <tbody id="drops"></tbody>
        </table></div>
        </section>
        </div>
        </main>
        <footer><a href="metrics">metrics</a> <a href="status">status as JSON</a> <a href="readyz">readiness</a>
        </footer>
        <script></script>
        </body>
        </html>

        """#
}
