"""What is run in a page, in a world of its own that the page's scripts can neither see nor bend."""

WATCH = """(() => {
  let last = performance.now();
  new MutationObserver(() => { last = performance.now(); })
    .observe(document, {subtree: true, childList: true, characterData: true});
  self.still = () => (performance.now() - last) / 1000;
})()"""
"""Begin to watch the page's content; `still()` is then for how many seconds it has not changed."""

STILL = "self.still()"

READ_OFF = """(longest => {
  const inert = document.implementation.createHTMLDocument('');
  const shadowed = [...document.querySelectorAll('*')].some(element => element.shadowRoot);
  const shown = root => {
    const whole = inert.importNode(root, false), todo = [];
    const put = (nodes, into) => { for (let i = nodes.length; i--;) todo.push([nodes[i], into]); };
    put(root.childNodes, whole);
    while (todo.length) {
      const [node, into] = todo.pop();
      if (node.localName === 'slot' && node.getRootNode() instanceof ShadowRoot) {
        const given = node.assignedNodes();
        put(given.length ? given : node.childNodes, into);
      } else {
        const copy = into.appendChild(inert.importNode(node, node.localName === 'template'));
        put((node.shadowRoot || node).childNodes, copy);
      }
    }
    return whole;
  };
  const root = document.documentElement;
  const html = !root ? '' : shadowed ? shown(root).outerHTML : root.outerHTML;
  const type = document.doctype ? `<!DOCTYPE ${document.doctype.name}>` : '';
  return html.length > longest ? null : type + html;
})(%d)"""
"""The page as HTML; null where it has more characters than that. What stands in open shadow trees stands where a
reader sees it: such a tree takes the place of its host's children, and they that of its slots. No recursion: a page may
be as deep as it likes. The copy is made in a document without a window, where no script of the page is woken."""
