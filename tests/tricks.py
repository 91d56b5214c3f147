"""Addresses that strangers could name to reach what is not theirs, collected from advisories and our own.

`{port}` is the canary's; names are resolved by `NAMES`, and what is not there does not exist. Groups follow the
weaknesses they aim at: other spellings of a number (CVE-2021-28918, CVE-2021-29921), letters that fold into digits,
disagreement of two parsers (CVE-2017-7233, Orange Tsai's "A New Era of SSRF"), embedded IPv4 (CVE-2023-42282 and its
kin), names with private answers (DNS rebinding), metadata services, and schemes.
"""

NUMBERS = """
127.0.0.1 127.1 127.0.1 127.0.0.1. 127.000.000.001 127.0.0.0x1 0177.0.0.1 0177.0.0.01 0177.1 0x7f.0.0.1 0x7f.1 0X7F.1
0x7f.0x0.0x0.0x1 0x7F000001 0x7f.0.1 2130706433 017700000001 0000000000000000000000000177.0.0.1 0x0000000000007f.0.0.1
127.0.0.1.. .127.0.0.1 0 00 0x0 0.0.0.0 0.0.0.0. 000.0.0.0 0x00000000 127.0.0.2 127.127.127.127 127.255.255.255
10.0.0.1 10.1 0xa.1 012.1 172.16.0.1 192.168.1 192.168.0.1 3232235777 169.254.169.254 0xa9fea9fe 2852039166 4294967295
0251.0376.0251.0376 100.64.0.1 100.100.100.200 168.63.129.16 192.0.0.192 198.18.0.1 224.0.0.1 240.0.0.1 255.255.255.255
256.256.256.256 127.0.0.1.1
"""
LETTERS = """
１２７.０.０.１ ①②⑦.⓪.⓪.① 𝟏𝟐𝟕.𝟎.𝟎.𝟏 𝟙𝟚𝟟.𝟘.𝟘.𝟙 127。0。0。1 127．0．0．1 127｡0｡0｡1 ②①③⓪⑦⓪⑥④③③ ０ｘ７ｆ.１ ¹²⁷.⁰.⁰.¹
ｌｏｃａｌｈｏｓｔ ⓛⓞⓒⓐⓛⓗⓞⓢⓣ 𝓁𝓸𝓬𝓪𝓵𝓱𝓸𝓼𝓽 ˡᵒᶜᵃˡʰᵒˢᵗ loca\u00adlhost loc\u200balhost \u202elocalhost localhoſt
LOCALHOST localhost. %31%32%37.0.0.1 127%2e0%2e0%2e1 %6cocalhost localhos%74 127.0.0.1%00 127.0.0.1%20 %5b::1%5d
127.0.0.1%09.example.org
"""
VERSION_6 = """
[::1] [0:0:0:0:0:0:0:1] [0000:0000:0000:0000:0000:0000:0000:0001] [::0001] [0::1] [::] [::0] [::127.0.0.1] [::7f00:1]
[::ffff:127.0.0.1] [::ffff:7f00:1] [::FFFF:127.0.0.1] [0:0:0:0:0:ffff:127.0.0.1] [::ffff:0:127.0.0.1] [::ffff:0:0]
[64:ff9b::127.0.0.1] [64:ff9b::7f00:1] [64:ff9b:1::7f00:1] [2002:7f00:1::] [2002:7f00:0001::1] [2001:0:7f00:1::]
[fe80::5efe:127.0.0.1] [::1%25lo] [::1%lo] [::%25lo] [::1%251] [fe80::1%25eth0] [fc00::1] [fd00:ec2::254] [fd00::1]
[fec0::1] [ff02::1] [2001:db8::1] [100::1] [5f00::1] [::1 [::1]] ::1 [[::1]] [127.0.0.1] [::ffff:169.254.169.254]
"""
HOSTS = (*NUMBERS.split(), *LETTERS.split(), *VERSION_6.split())

_LOOPBACK_NAMES = """
localhost localhost.localdomain ip6-localhost ip6-loopback app.localhost localtest.example 127.0.0.1.nip.example
127-0-0-1.sslip.example a.b.c.d.example _gateway router printer.local host.docker.internal kubernetes.default.svc
xn--e1afmkfd.example
"""
NAMES = {
    **{name: ["127.0.0.1", "::1"] for name in _LOOPBACK_NAMES.split()},
    "six.example": ["::1"],
    "both.example": ["::1", "127.0.0.1"],
    "zero.example": ["0.0.0.0"],
    "zero-6.example": ["::"],
    "mapped.example": ["::ffff:127.0.0.1"],
    "compatible.example": ["::127.0.0.1"],
    "translated.example": ["64:ff9b::7f00:1"],
    "tunnelled.example": ["2002:7f00:1::"],
    "scoped.example": ["fe80::1%eth0", "127.0.0.1"],
    "last.example": ["93.184.215.14", "2606:2800:21f:cb07::1", "127.0.0.1"],
    "first.example": ["127.0.0.1", "93.184.215.14"],
    "metadata.google.internal": ["169.254.169.254"],
    "instance-data": ["169.254.169.254", "127.0.0.1"],
    "intranet.example": ["10.0.0.5", "127.0.0.1"],
    "cgnat.example": ["100.64.0.1", "127.0.0.1"],
    "multicast.example": ["224.0.0.1", "127.0.0.1"],
}

# Whole addresses: two parsers may disagree about where the host is.
WHOLE = (
    "http://example.org@127.0.0.1:{port}/",
    "http://example.org:80@127.0.0.1:{port}/",
    "http://:@127.0.0.1:{port}/",
    "http://user:secret@127.0.0.1:{port}/",
    "http://127.0.0.1:{port}@example.org/",
    "http://a@b@127.0.0.1:{port}/",
    "http://example.org%40127.0.0.1:{port}/",
    "http://example.org&@127.0.0.1:{port}#@example.org/",
    "http://@127.0.0.1:{port}",
    "http://127.0.0.1:{port}\\@example.org/",
    "http://example.org\\@127.0.0.1:{port}/",
    "http://127.0.0.1:{port}#@example.org/",
    "http://127.0.0.1:{port}?@example.org/",
    "http://127.0.0.1:{port}/@example.org/",
    "http://127.0.0.1:{port};.example.org/",
    "http://127.0.0.1:{port}:80/",
    "http://127.0.0.1:00{port}/",
    "http://127.0.0.1:+{port}/",
    "http://127.0.0.1: {port}/",
    "HTTP://127.0.0.1:{port}/",
    "hTTps://127.0.0.1:{port}/",
    " http://127.0.0.1:{port}/ ",
    "\thttp://127.0.0.1:{port}/\n",
    "http://127.0.0.1:{port}/ HTTP/1.1\r\nHost: example.org",
    "http://127.0.0.1\t:{port}/",
    "http://127.0.\n0.1:{port}/",
    "http:/127.0.0.1:{port}/",
    "http:127.0.0.1:{port}/",
    "http:///127.0.0.1:{port}/",
    "http:\\\\127.0.0.1:{port}\\",
    "//127.0.0.1:{port}/",
    "127.0.0.1:{port}",
    "localhost:{port}/feed",
    "http://http://127.0.0.1:{port}/",
    "://127.0.0.1:{port}/",
    "ftp://127.0.0.1:{port}/",
    "gopher://127.0.0.1:{port}/_x",
    "dict://127.0.0.1:{port}/x",
    "ldap://127.0.0.1:{port}/",
    "feed://127.0.0.1:{port}/",
    "feed:http://127.0.0.1:{port}/",
    "view-source:http://127.0.0.1:{port}/",
    "ws://127.0.0.1:{port}/",
    "jar:http://127.0.0.1:{port}!/",
    "url:http://127.0.0.1:{port}/",
    "file://127.0.0.1:{port}/etc/passwd",
    "file:///etc/passwd",
    "sftp://127.0.0.1:{port}/",
    "netdoc:///etc/passwd",
    "php://filter/resource=http://127.0.0.1:{port}/",
    "data:text/xml,<rss/>",
    "http+unix://%2fvar%2frun%2fdocker.sock/",
    "http://127.0.0.1:22/",
    "http://127.0.0.1:6379/",
    "http://127.0.0.1:0/",
    "http://169.254.169.254/latest/meta-data/",
    "http://[fd00:ec2::254]/latest/",
    "http://metadata.google.internal/computeMetadata/v1/",
)


# Documents that name the canary wherever a reader might be tempted to go and look.
DOCUMENTS = (
    "<!DOCTYPE rss SYSTEM '{url}'>{rss}",
    "<!DOCTYPE rss PUBLIC '-//Netscape Communications//DTD RSS 0.91//EN' '{url}'>{rss}",
    "<!DOCTYPE rss [<!ENTITY x SYSTEM '{url}'>]>{rss}",
    "<!DOCTYPE rss [<!ENTITY % x SYSTEM '{url}'> %x;]>{rss}",
    "<!DOCTYPE rss [<!NOTATION x SYSTEM '{url}'><!ENTITY y SYSTEM '{url}' NDATA x>]>{rss}",
    "<?xml-stylesheet type='text/xsl' href='{url}'?>{rss}",
    "<?xml version='1.0'?><x xmlns:xi='http://www.w3.org/2001/XInclude'><xi:include href='{url}'/></x>",
    "<rss version='2.0' xml:base='{url}' xmlns='{url}'><channel><link>{url}</link><image><url>{url}</url></image>"
    "<item><title>&x;</title><link>{url}</link><enclosure url='{url}' type='audio/mpeg'/></item></channel></rss>",
    "<feed xmlns='http://www.w3.org/2005/Atom'><link rel='hub' href='{url}'/><link rel='next' href='{url}'/>"
    "<entry><content src='{url}'/></entry></feed>",
    '{{"version": "https://jsonfeed.org/version/1.1", "next_url": "{url}", "icon": "{url}", "items": []}}',
    "{url}",
)


def tricks(port: int) -> list[str]:
    """All of them, aimed at the canary's port."""
    listed = [f"http://{host}:{port}/feed" for host in (*HOSTS, *NAMES)]
    return listed + [whole.replace("{port}", str(port)) for whole in WHOLE]
