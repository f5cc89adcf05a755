"""A room's template as a page, or the way to another page."""

from starlette.requests import Request
from starlette.responses import HTMLResponse, RedirectResponse

from tipbridge.foundation.base.actors import Actor
from tipbridge.web.language import Language, language_of
from tipbridge.web.nav import entries_for
from tipbridge.web.refusals import Refusals
from tipbridge.web.shell import shell_of
from tipbridge.web.unlinked import without_links


def page(request: Request, template: str, *, status: int = 200, **values: object) -> HTMLResponse:
    """Show `template` with `values`, in the reader's language.

    Shape: `template` begins with the room ("triage/tip.html") and extends "web/base.html".
    """
    shell, language = shell_of(request), language_of(request)
    actor = reader(request)
    values |= {
        "request": request,
        "language": language,
        "languages": tuple(Language),
        "node": shell.node,
        "reader": actor,
        "navigation": entries_for(shell.navigation, actor),
        "domain_time": getattr(request.state, "domain_time", None),
    }
    html = shell.environments[language].get_template(template).render(values)
    return HTMLResponse(
        without_links(html), status_code=status, headers={"Content-Language": language}
    )


def see_other(path: str) -> RedirectResponse:
    """Send the browser to `path` after a form was taken."""
    return RedirectResponse(path, status_code=303)


def translate(request: Request, text: str) -> str:
    """`text` in the reader's language, for words that a template does not hold."""
    return shell_of(request).catalogues[language_of(request)].gettext(text)


def refusals_for(request: Request) -> Refusals:
    """What refusals are in the reader's language."""
    return shell_of(request).refusals[language_of(request)]


def told(request: Request, words: str) -> str:
    """`words` of a refusal for a browser, in its reader's language; as they are for a program.

    Shape: for what is refused before a route is found, or after it failed.
    """
    if "text/html" not in request.headers.get("accept", "") or "app" not in request.scope:
        return words
    return refusals_for(request).say(words, "web")


def reader(request: Request) -> Actor | None:
    """Who reads this page, once `staff_work` has found out."""
    actor = getattr(request.state, "reader", None)
    return actor if isinstance(actor, Actor) else None
