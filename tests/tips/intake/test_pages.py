from tests.tips.intake.ispws import client, serving
from tests.web.pages import add_member, browser, shell_app, sign_in
from tipbridge.foundation.base.actors import Role
from tipbridge.foundation.node import Node
from tipbridge.tips.intake import pages


def desk(node: Node):
    app = shell_app(node, navigation=pages.NAV)
    app.include_router(pages.router)
    return browser(app)


def test_a_provider_manager_adds_and_revokes_a_provider(node: Node):
    add_member(node, "keeper", Role.PROVIDER_MANAGER)
    page = desk(node)
    sign_in(page, "keeper")
    form = {"name": "esp-one", "username": "usr123", "password": "pw-1"}
    assert page.post("/providers", data=form).status_code == 303
    assert "usr123" in page.get("/providers").text
    with serving(node) as address, client(address) as esp:
        assert esp.get("/status").status_code == 200
        assert page.post("/providers/revoke", data={"username": "usr123"}).status_code == 303
        assert esp.get("/status").status_code == 401
    refused = page.post("/providers", data=form)
    assert refused.status_code == 409


def test_an_analyst_has_no_providers_page(node: Node):
    add_member(node, "reader", Role.ANALYST)
    page = desk(node)
    sign_in(page, "reader")
    assert page.get("/providers").status_code == 403
