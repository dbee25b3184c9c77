extension StatusPage {
    /// What comes from outside is only ever given to `textContent`.
    static let script = #"""
        'use strict';
        const every = 1000, patience = 3000, span = 120, few = 10, blank = '\u00a0';
        const points = [], shown = {topics: false, routes: false};
        let before = null, beforeAt = 0, heardAt = null, lost = 0;

        const at = id => document.getElementById(id);
        function say(node, text) { if (node.textContent !== text) node.textContent = text; }
        function put(id, text) { say(at(id), text); }
        function format(number, digits) {
          return new Intl.NumberFormat('en', {maximumFractionDigits: digits}).format(number);
        }
        const count = number => format(number, 0);
        const rate = number => format(number, number < 10 ? 1 : 0);
        function bytes(number) {
          const units = ['B', 'KiB', 'MiB', 'GiB', 'TiB'];
          let unit = 0;
          for (; number >= 1000 && unit < units.length - 1; unit++) number /= 1024;
          return format(number, unit && number < 10 ? 1 : 0) + blank + units[unit];
        }
        function time(seconds) {
          if (seconds < 0.001) return '0' + blank + 's';
          if (seconds < 1) return format(seconds * 1000, 0) + blank + 'ms';
          if (seconds < 90) return format(seconds, seconds < 10 ? 1 : 0) + blank + 's';
          if (seconds < 5400) return format(seconds / 60, 0) + blank + 'min';
          if (seconds < 172800) return format(seconds / 3600, 0) + blank + 'h';
          return format(seconds / 86400, 0) + blank + 'days';
        }

        // A row for each name, kept from one time to the next.
        function rows(body, names, cells) {
          const known = new Map(Array.from(body.rows, row => [row.dataset.name, row]));
          names.forEach((name, place) => {
            let row = known.get(name);
            known.delete(name);
            if (!row) {
              row = document.createElement('tr');
              row.dataset.name = name;
            }
            cells(name).forEach(([text, style], index) => {
              const cell = row.cells[index] || row.insertCell();
              say(cell, text);
              if (cell.className !== (style || '')) cell.className = style || '';
            });
            if (body.rows[place] !== row) body.insertBefore(row, body.rows[place] || null);
          });
          known.forEach(row => row.remove());
        }

        function limited(kind, all) {
          const button = at('more-' + kind), some = shown[kind] ? all : all.slice(0, few);
          button.hidden = all.length <= few;
          say(button, shown[kind] ? 'Show fewer' : 'Show all ' + all.length);
          return some;
        }

        function topics(list) {
          const byName = new Map(list.map(topic => [topic.topic, topic]));
          // Whole seconds only: rows that change places with every millisecond cannot be read.
          const age = topic => Math.floor(topic.oldest_in_flight_seconds);
          const sorted = list.slice().sort((a, b) => a.healthy - b.healthy || age(b) - age(a)
            || b.delivered - a.delivered || (a.topic < b.topic ? -1 : 1));
          rows(at('topics'), limited('topics', sorted.map(topic => topic.topic)), name => {
            const topic = byName.get(name);
            return [[name + (topic.current ? '' : ' (no route any more)')],
              topic.healthy ? ['healthy', 'word healthy'] : [topic.reason, 'word stuck'],
              [rate(topic.delivered_per_second)], [count(topic.in_flight)],
              [topic.in_flight ? time(topic.oldest_in_flight_seconds) : '–'], [count(topic.delivered)]];
          });
        }

        function routes(list) {
          const byName = new Map(list.map(route => [route.path, route]));
          rows(at('routes'), limited('routes', list.map(route => route.path)), name => {
            const route = byName.get(name);
            return [[name], [route.topic || 'none', 'word'], [count(route.connections)],
              [rate(route.received_per_second)], [count(route.received)]];
          });
        }

        function drops(all) {
          const some = Object.keys(all).filter(reason => all[reason] > 0).sort((a, b) => all[b] - all[a]);
          at('no-drops').hidden = some.length > 0;
          at('drops-table').hidden = some.length === 0;
          rows(at('drops'), some, reason => [[reason], [count(all[reason])]]);
        }

        function notices(list) {
          const box = at('notices'), text = JSON.stringify(list);
          // Said again only when it is another, as it is read aloud.
          if (box.dataset.text === text) return;
          box.dataset.text = text;
          box.replaceChildren(...list.map(([words, style]) => {
            const line = document.createElement('p');
            line.className = 'notice ' + style;
            line.textContent = words;
            return line;
          }));
        }

        function state(style, words) {
          document.body.className = style;
          put('state', words);
          const title = 'Sluice: ' + words.toLowerCase();
          if (document.title !== title) document.title = title;
        }

        function chart(now) {
          while (points.length && points[0].at < now - span - 5) points.shift();
          const highest = Math.max(1, ...points.map(point => Math.max(point.received, point.delivered)));
          const power = Math.pow(10, Math.floor(Math.log10(highest)));
          const top = [1, 2, 5, 10].map(step => step * power).find(step => step >= highest);
          const x = point => Math.max(0, 1200 - (now - point.at) * 1200 / span).toFixed(1);
          const y = value => (239 - value / top * 238).toFixed(1);
          const line = key => points.map((point, i) => (i ? 'L' : 'M') + x(point) + ' ' + y(point[key])).join('');
          at('received-line').setAttribute('d', line('received'));
          at('delivered-line').setAttribute('d', line('delivered'));
          const last = points[points.length - 1];
          at('area').setAttribute('d', last ? line('delivered') + 'V239H' + x(points[0]) + 'Z' : '');
          put('chart-top', count(top));
          put('chart-half', format(top / 2, 1));
          at('chart').setAttribute('aria-label', 'Logs a second over two minutes, at most ' + count(highest)
            + (last ? '; now ' + rate(last.received) + ' received, ' + rate(last.delivered) + ' delivered' : ''));
        }

        function remember(status) {
          const now = performance.now() / 1000;
          // Younger than it would be: it was started again, and what it counted then is gone.
          if (before && status.uptime_seconds < before.uptime_seconds + (now - beforeAt) - 2) {
            points.length = 0;
            before = null;
          }
          const passed = before ? status.uptime_seconds - before.uptime_seconds : 0;
          if (passed > 0.2) {
            points.push({
              at: now,
              received: Math.max(0, status.logs.received - before.logs.received) / passed,
              delivered: Math.max(0, status.logs.delivered - before.logs.delivered) / passed,
            });
          }
          if (passed <= 0 || passed > 0.2) {
            before = status;
            beforeAt = now;
          }
          chart(now);
        }

        function pressure(status) {
          const memory = status.pressure, bound = memory.max_in_flight_bytes || 0;
          const part = bound ? Math.min(1, memory.in_flight_memory_bytes / bound) : 0;
          put('paused', count(memory.connections_paused));
          at('pressure-tile').classList.toggle('warm', memory.connections_paused > 0);
          at('meter').hidden = !bound;
          at('meter').setAttribute('aria-valuenow', String(Math.round(part * 100)));
          at('filled').style.width = (part * 100).toFixed(1) + '%';
          put('memory', bound ? bytes(memory.in_flight_memory_bytes) + ' of ' + bytes(bound) : 'no bound is known');
        }

        function show(status) {
          const logs = status.logs, rates = status.rates;
          put('version', status.version);
          put('uptime', 'up ' + time(status.uptime_seconds));
          put('received-rate', rate(rates.received));
          put('received', count(logs.received));
          put('received-bytes-rate', bytes(rates.received_bytes));
          put('delivered-rate', rate(rates.delivered));
          put('delivered', count(logs.delivered));
          put('in-flight', count(logs.in_flight));
          put('in-flight-bytes', bytes(logs.in_flight_bytes));
          put('oldest', time(logs.oldest_in_flight_seconds));
          put('dropped-rate', rate(rates.dropped));
          put('dropped', count(logs.dropped));
          at('dropped-tile').classList.toggle('warm', rates.dropped > 0);
          put('connections', count(status.connections.open));
          put('accepted', count(status.connections.accepted));
          put('refused', count(status.connections.refused));
          pressure(status);
          topics(status.topics);
          routes(status.routes);
          drops(status.dropped);
          const said = status.reasons.map(reason =>
            [(reason.topic ? reason.topic + ': ' : '') + reason.detail, status.ready ? '' : 'bad']);
          if (status.reload && !status.reload.successful) said.push([
            'The settings or files that were read last could not be used; those before go on. The log says why.', '']);
          notices(said);
          if (status.draining) state('unready', 'Shutting down');
          else if (!status.ready) state('unready', 'Not ready');
          else if (status.reasons.length) state('unready', 'Ready, with a topic in trouble');
          else state('ready', 'Ready');
          remember(status);
        }

        function gone(words) {
          lost++;
          // One that is lost on the way is no news.
          if (lost < 2) return;
          state('gone', 'Does not answer');
          notices([[(words || 'Sluice does not answer.') + (heardAt ? ' What is shown is of '
            + heardAt.toLocaleTimeString() + '.' : '') + ' Asking on.', 'bad']]);
          chart(performance.now() / 1000);
        }

        async function ask() {
          let status = null, words = '';
          try {
            const answer = await fetch('status', {cache: 'no-store', signal: AbortSignal.timeout(patience)});
            if (answer.ok) status = await answer.json();
            else words = (await answer.text()).trim().slice(0, 200);
          } catch (error) {
            status = null;
          }
          setTimeout(ask, every);
          if (!status) return gone(words);
          heardAt = new Date();
          lost = 0;
          show(status);
        }

        for (const kind of ['topics', 'routes']) {
          at('more-' + kind).onclick = () => {
            shown[kind] = !shown[kind];
            if (before) (kind === 'topics' ? topics : routes)(before[kind]);
          };
        }
        put('host', location.host);
        ask();
        """#
}
