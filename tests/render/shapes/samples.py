"""For every feature the smallest document that asks for it: the thing itself, and where it stands.

A declaration stands on an element and its text is what must be gone; a selector stands in a rule
that sets ``color: red``; other things are written out.
"""

_DECLARATIONS = """
css-accent-color: accent-color: red
css-align-items: align-items: center
css-animation: animation-name: a
css-aspect-ratio: aspect-ratio: 2
css-backdrop-filter: backdrop-filter: none
css-background: background: url(a.png), url(b.png)
css-background-blend-mode: background-blend-mode: normal
css-background-clip: background-clip: border-box
css-background-image: background-image: url(a.png), url(b.png)
css-background-origin: background-origin: border-box
css-background-position: background-position: 1px, 2px
css-background-repeat: background-repeat: repeat-x, repeat-y
css-background-size: background-size: 1px, 2px
css-block-inline-size: block-size: 4px
css-border: border: 12px solid red
css-border-image: border-image: none
css-border-inline-block: border-inline: 1px
css-border-inline-block-individual: border-inline-color: red
css-border-inline-block-longhand: border-inline-start: 1px
css-border-radius: border-radius: 6px / 4px
css-border-radius-logical: border-start-start-radius: 1px
css-border-spacing: border-spacing: 1px
css-box-shadow: box-shadow: 1px 1px red
css-box-sizing: box-sizing: border-box
css-caption-side: caption-side: top
css-clear: clear: inline-start
css-clip-path: clip-path: none
css-color-scheme: color-scheme: dark
css-column-layout-properties: column-width: 2px
css-conic-gradient: background-image: conic-gradient(red, blue)
css-cursor: cursor: url(a.png)
css-display: display: flow-root
css-display-flex: display: flex
css-display-grid: display: grid
css-empty-cells: empty-cells: hide
css-filter: filter: none
css-flex-direction: flex-direction: column
css-flex-wrap: flex-wrap: wrap
css-float: float: inline-start
css-font-kerning: font-kerning: none
css-font-size: font-size: 2rem
css-font-size-adjust: font-size-adjust: 1
css-font-stretch: font-stretch: normal
css-font-weight: font-weight: 650
css-function-clamp: width: clamp(1px, 2px, 3px)
css-function-light-dark: color: light-dark(red, blue)
css-function-max: width: max(1px, 2px)
css-function-min: width: min(1px, 2px)
css-gap: gap: 1px
css-grid-template: grid-template: none
css-height: height: 9px
css-hyphenate-character: hyphenate-character: auto
css-hyphenate-limit-chars: hyphenate-limit-chars: 5
css-hyphens: hyphens: auto
css-important: color: red!IMPORTANT
css-inset: inset: 1px
css-intrinsic-size: width: fit-content
css-justify-content: justify-content: center
css-left-right-top-bottom: left: 5%
css-linear-gradient: background-image: linear-gradient(red, blue)
css-list-style: list-style: url(a.png) disc
css-list-style-image: list-style-image: url(a.png)
css-list-style-position: list-style-position: inside
css-margin: margin: -4px
css-margin-block-start-end: margin-block-start: 1px
css-margin-inline-block: margin-inline: 1px
css-margin-inline-start-end: margin-inline-start: 1px
css-mask-image: mask-image: none
css-max-block-size: max-block-size: 1px
css-max-height: max-height: 1px
css-max-inline-size: max-inline-size: 1px
css-max-width: max-width: 1px
css-min-block-size: min-block-size: 1px
css-min-height: min-height: 1px
css-min-inline-size: min-inline-size: 1px
css-min-width: min-width: 1px
css-mix-blend-mode: mix-blend-mode: normal
css-modern-color: color: oklch(1 0 0)
css-object-fit: object-fit: cover
css-object-position: object-position: center
css-opacity: opacity: 1
css-orphans: orphans: 2
css-outline: outline: none
css-outline-offset: outline-offset: 1px
css-overflow: overflow-block: hidden
css-overflow-wrap: overflow-wrap: normal
css-padding: padding: 4px
css-padding-block-start-end: padding-block-start: 1px
css-padding-inline-block: padding-inline: 1px
css-padding-inline-start-end: padding-inline-start: 1px
css-position: position: fixed
css-radial-gradient: background-image: radial-gradient(red, blue)
css-resize: resize: inline
css-rgb: color: rgb(0 128 0)
css-rgba: color: rgba(0 128 0 / 1)
css-scroll-snap: scroll-snap-type: none
css-shape-margin: shape-margin: 1px
css-shape-outside: shape-outside: none
css-sytem-ui: font-family: ui-serif, Georgia
css-tab-size: tab-size: 2
css-table-layout: table-layout: fixed
css-text-align: text-align: match-parent
css-text-align-last: text-align-last: left
css-text-decoration: text-decoration: overline red
css-text-decoration-color: text-decoration-color: red
css-text-decoration-line: text-decoration-line: none
css-text-decoration-skip-ink: text-decoration-skip-ink: none
css-text-decoration-style: text-decoration-style: solid
css-text-decoration-thickness: text-decoration-thickness: 1px
css-text-emphasis: text-emphasis: none
css-text-emphasis-position: text-emphasis-position: over
css-text-indent: text-indent: -1px
css-text-justify: text-justify: none
css-text-orientation: text-orientation: mixed
css-text-overflow: text-overflow: clip
css-text-shadow: text-shadow: none
css-text-transform: text-transform: lowercase
css-text-underline-offset: text-underline-offset: 1px
css-text-underline-position: text-underline-position: left
css-text-wrap: text-wrap: wrap
css-transform: transform: none
css-transition: transition-delay: 1s
css-unit-calc: width: calc(1px + 2px)
css-unit-ch: line-height: 2ch
css-unit-initial: color: initial
css-unit-rem: line-height: 2rem
css-unit-vh: line-height: 2vh
css-unit-vmax: line-height: 2vmax
css-unit-vmin: line-height: 2vmin
css-unit-vw: line-height: 2vw
css-user-select: user-select: none
css-variables: --x: red
css-visibility: visibility: hidden
css-white-space: white-space: pre
css-white-space-collapse: white-space-collapse: collapse
css-widows: widows: 2
css-width: width: 9px
css-word-break: word-break: normal
css-word-spacing: word-spacing: 1rem
css-word-wrap: word-wrap: normal
css-writing-mode: writing-mode: horizontal-tb
css-z-index: z-index: 1
"""
_SELECTORS = """
css-pseudo-class-active: p.a:active
css-pseudo-class-checked: p.a:checked
css-pseudo-class-default: p:default
css-pseudo-class-first-child: p.a:first-child
css-pseudo-class-first-of-type: p.a:first-of-type
css-pseudo-class-focus: p.a:focus
css-pseudo-class-focus-visible: p.a:focus-visible
css-pseudo-class-focus-within: p:focus-within
css-pseudo-class-has: p:has(b)
css-pseudo-class-hover: p.a:hover
css-pseudo-class-lang: p:lang(sv)
css-pseudo-class-last-child: p.a:last-child
css-pseudo-class-last-of-type: p.a:last-of-type
css-pseudo-class-link: a:link
css-pseudo-class-not: p:not(.b)
css-pseudo-class-nth-child: p:nth-child(1)
css-pseudo-class-nth-last-child: p:nth-last-child(1)
css-pseudo-class-nth-last-of-type: p:nth-last-of-type(1)
css-pseudo-class-nth-of-type: p:nth-of-type(1)
css-pseudo-class-only-child: p.a:only-child
css-pseudo-class-only-of-type: p.a:only-of-type
css-pseudo-class-target: p.a:target
css-pseudo-class-visited: p.a:visited
css-pseudo-element-after: p.a::after
css-pseudo-element-before: p.a::before
css-pseudo-element-first-letter: p.a::first-letter
css-pseudo-element-first-line: p.a::first-line
css-pseudo-element-marker: p::marker
css-pseudo-element-placeholder: p::placeholder
css-selector-adjacent-sibling: i + p
css-selector-attribute: p[title^=x]
css-selector-chaining: .a.b
css-selector-child: div > p
css-selector-general-sibling: i ~ p
css-selector-universal: p *
html-body: body
"""
_AT_RULES = """
css-at-font-face: @font-face { font-family: X; src: url(x.woff) }
css-at-import: @import url(x.css);
css-at-keyframes: @keyframes x { from { color: red } }
css-at-media: @media (min-height: 10px) and (min-resolution: 1dppx) { p { color: red } }
css-at-media-device-pixel-ratio: @media (-webkit-device-pixel-ratio: 2) { p { color: red } }
css-at-media-hover: @media (hover) { p { color: red } }
css-at-media-orientation: @media (orientation: portrait) { p { color: red } }
css-at-media-prefers-color-scheme: @media (prefers-color-scheme: dark) { p { color: red } }
css-at-media-prefers-reduced-motion: @media (prefers-reduced-motion: reduce) { p { color: red } }
css-at-supports: @supports (color: red) { p { color: red } }
"""
_ELEMENTS = """
css-inert-attribute: inert="": <p inert="">ord</p>
html-abbr: <abbr>: <p><abbr>ord</abbr></p>
html-acronym: title=: <p><acronym title="x">ord</acronym></p>
html-anchor-links: "#x": <p><a href="#x">ord</a></p>
html-aria-describedby: aria-describedby: <p aria-describedby="x">ord</p>
html-aria-hidden: aria-hidden: <p aria-hidden="true">ord</p>
html-aria-label: aria-label: <p aria-label="x">ord</p>
html-aria-labelledby: aria-labelledby: <p aria-labelledby="x">ord</p>
html-aria-live: aria-live: <p aria-live="off">ord</p>
html-audio: <audio: <p><audio>ord</audio></p>
html-background: background=: <table background="a.png"><tr><td>ord</td></tr></table>
html-base: <base: <base href="https://a.example/"><p>ord</p>
html-bdi: <bdi>: <p><bdi>ord</bdi></p>
html-button-reset: <button: <p><button type="reset">ord</button></p>
html-button-submit: <button: <p><button type="submit">ord</button></p>
html-dfn: title=: <p><dfn title="x">ord</dfn></p>
html-dialog: <dialog: <dialog>ord</dialog>
html-doctype: <!DOCTYPE html>: <!DOCTYPE html><p>ord</p>
html-form: <form: <form>ord</form>
html-hidden: hidden=: <p hidden="">ord</p>
html-input-checkbox: <input: <p><input type="checkbox">ord</p>
html-input-hidden: <input: <p><input type="hidden">ord</p>
html-input-radio: <input: <p><input type="radio">ord</p>
html-input-reset: <input: <p><input type="reset">ord</p>
html-input-submit: <input: <p><input type="submit">ord</p>
html-input-text: <input: <p><input type="text">ord</p>
html-lang: lang=: <table><tr><td lang="sv">ord</td></tr></table>
html-link: <link: <link rel="stylesheet" href="x.css"><p>ord</p>
html-lists: reversed: <ol reversed=""><li>ord</li></ol>
html-loading-attribute: loading=: <p><img loading="lazy">ord</p>
html-marquee: <marquee: <p><marquee>ord</marquee></p>
html-meta-color-scheme: <meta: <meta name="color-scheme" content="dark"><p>ord</p>
html-meter: <meter: <p><meter>ord</meter></p>
html-object: <object: <p><object>ord</object></p>
html-picture: <picture: <p><picture>ord</picture></p>
html-popover: popover: <p popover="">ord</p>
html-progress: <progress: <p><progress>ord</progress></p>
html-required: required: <p required="">ord</p>
html-role: role=: <p role="note">ord</p>
html-rp: <rp: <p><rp>ord</rp></p>
html-rt: <rt: <p><rt>ord</rt></p>
html-ruby: <ruby: <p><ruby>ord</ruby></p>
html-select: <select: <p><select><option>ord</option></select></p>
html-semantics: <nav: <nav>ord</nav>
html-srcset: srcset=: <p><img srcset="a.png 2x">ord</p>
html-strike: <strike>: <p><strike>ord</strike></p>
html-style: <style: <div><style>p { color: red }</style><p>ord</p></div>
html-svg: <svg: <p><svg></svg>ord</p>
html-target: target=: <p><a target="_blank">ord</a></p>
html-textarea: <textarea: <p><textarea>ord</textarea></p>
html-video: <video: <p><video>ord</video></p>
html-wbr: <wbr: <p>o<wbr>rd</p>
html-width: width=: <p><img width="50%">ord</p>
image-avif: a.avif: <p><img src="a.avif">ord</p>
image-base64: data:: <p><img src="data:image/gif;base64,R0">ord</p>
image-heif: a.heic: <p><img src="a.heic">ord</p>
image-ico: a.ico: <p><img src="a.ico">ord</p>
image-mp4: a.mp4: <p><img src="a.mp4">ord</p>
image-svg: a.svg: <p><img src="a.svg">ord</p>
image-tiff: a.tiff: <p><img src="a.tiff">ord</p>
image-webp: a.webp: <p><img src="a.webp">ord</p>
"""
OTHERS = {
    ("outlook-com", "css-at-media"): (
        "(max-width: 9px)",
        "<style>@media screen { @media (max-width: 9px) { p { color: red } } }</style><p>ord</p>",
    ),
    ("outlook-com", "html-body"): ("red", "<style>html { color: red }</style><p>ord</p>"),
    ("outlook-windows", "css-display-none"): ("none", '<p><img style="display: none"></p>'),
    ("samsung", "css-font-size"): ("80%", '<p style="font-size: 80%">ord</p>'),
    ("yahoo", "css-height"): ('"height', '<p style="height: 9px">ord</p>'),
    ("yahoo", "css-important"): (
        "!important",
        '<p style="background-image: url(a.png)!important">ord</p>',
    ),
}
"""Where a program minds something else than the others do."""


def _lines(table: str) -> "dict[str, str]":
    pairs = (line.split(": ", 1) for line in table.strip().splitlines())
    return {slug: rest for slug, rest in pairs}  # noqa: C416 - clearer


def _all() -> "dict[str, tuple[str, str]]":
    found = {
        slug: (words, f'<p style="{words}">ord</p>')
        for slug, words in _lines(_DECLARATIONS).items()
    }
    page = '<div><i>i</i><p class="a b" title="xy"><b>b</b><a href="x">ord</a></p></div>'
    for slug, selector in _lines(_SELECTORS).items():
        rule = f"{selector} {{ color: red }}"
        found[slug] = (rule, f"<style>{rule}</style>{page}")
    for slug, rule in _lines(_AT_RULES).items():
        found[slug] = (rule, f"<style>{rule}</style>{page}")
    for slug, rest in _lines(_ELEMENTS).items():
        needle, document = rest.split(": ", 1)
        found[slug] = (needle, document)
    return found


SAMPLES = _all()
"""What must be gone, and the document in which it stands, by feature."""

SUPPORTED = (
    "<html><head><title>t</title></head><body>"
    '<p style="color: red; font-weight: bold; text-align: left">ord</p>'
    '<table><tr><td bgcolor="#ffffff" style="padding: 4px 8px; vertical-align: top">'
    '<a href="https://a.example/">länk</a><img src="a.png" alt="x" width="100">'
    "</td></tr></table></body></html>"
)
"""What every program does; only Samsung minds the doctype, and so it has none."""
