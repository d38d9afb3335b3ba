"""Other names of licences than their SPDX ids, by their keys (see `spellings.key`): facts."""

from __future__ import annotations

SPELLINGS = """
academic free 3=AFL-3.0
afl=AFL-3.0
apache=Apache-2.0
apache 2=Apache-2.0
apache2=Apache-2.0
apachev 2=Apache-2.0
asf 2=Apache-2.0
al 2=Apache-2.0
apl 2=Apache-2.0
asl=Apache-2.0
asl 2=Apache-2.0
asl 1.1=Apache-1.1
alv 2=Apache-2.0
apache 1.1=Apache-1.1
artistic=Artistic-1.0-Perl
artistic 1=Artistic-1.0-Perl
artistic perl=Artistic-1.0-Perl
artistic 2=Artistic-2.0
artistic clarified=ClArtistic
beerware=Beerware
boost=BSL-1.0
boost 1=BSL-1.0
bsl 1=BSL-1.0
bsla=BSD-4-Clause-Shortened
bsd 0 clause=0BSD
zero clause bsd=0BSD
bsd zero clause=0BSD
bsd 1 clause=BSD-1-Clause
bsd 2=BSD-2-Clause
bsd2=BSD-2-Clause
2 clause bsd=BSD-2-Clause
bsd 2 clause simplified=BSD-2-Clause
bsd two clause=BSD-2-Clause
simplified bsd=BSD-2-Clause
bsd simplified=BSD-2-Clause
bsd freebsd=BSD-2-Clause
freebsd=BSD-2-Clause
bsd 3=BSD-3-Clause
bsd3=BSD-3-Clause
bsd 3 new=BSD-3-Clause
3 clause bsd=BSD-3-Clause
3 clause new bsd=BSD-3-Clause
bsd three clause=BSD-3-Clause
new bsd=BSD-3-Clause
bsd new=BSD-3-Clause
modified bsd=BSD-3-Clause
bsd modified=BSD-3-Clause
revised bsd=BSD-3-Clause
new or revised bsd=BSD-3-Clause
bsd 3 clause new or revised=BSD-3-Clause
edl 1=BSD-3-Clause
edl=BSD-3-Clause
eclipse distribution 1=BSD-3-Clause
eclipse distribution=BSD-3-Clause
go=BSD-3-Clause
bsd 4=BSD-4-Clause
bsd 4 clause=BSD-4-Clause
4 clause bsd=BSD-4-Clause
original bsd=BSD-4-Clause
bsd original=BSD-4-Clause
bsd with advertising=BSD-4-Clause
bsd protection=BSD-Protection
business=BUSL-1.1
business 1.1=BUSL-1.1
bouncy castle=MIT
bsl 1.1=BUSL-1.1
busl=BUSL-1.1
bzip=bzip2-1.0.6
bzip 2=bzip2-1.0.6
bzip2=bzip2-1.0.6
cc by=CC-BY-4.0
creative commons attribution 4 international=CC-BY-4.0
creative commons attribution 4=CC-BY-4.0
creative commons attribution 3=CC-BY-3.0
creative commons attribution sharealike 4 international=CC-BY-SA-4.0
creative commons attribution sharealike 4=CC-BY-SA-4.0
creative commons attribution sharealike 3=CC-BY-SA-3.0
creative commons zero 1 universal=CC0-1.0
creative commons zero=CC0-1.0
creative commons cc=CC0-1.0
cc 0=CC0-1.0
cc0=CC0-1.0
cc 0 1 universal=CC0-1.0
cc 0 1 universal cc 0 1 public domain dedication=CC0-1.0
cddl + gplv 2 with classpath exception=CDDL-1.0 OR GPL-2.0-only WITH Classpath-exception-2.0
cddl gplv 2 + ce=CDDL-1.0 OR GPL-2.0-only WITH Classpath-exception-2.0
cddl + gpl=CDDL-1.0 OR GPL-2.0-only WITH Classpath-exception-2.0
gpl 2 w cpe=GPL-2.0-only WITH Classpath-exception-2.0
gpl 2 ce=GPL-2.0-only WITH Classpath-exception-2.0
cc 0 1 universal public domain dedication=CC0-1.0
cddl=CDDL-1.0
common development and distribution=CDDL-1.0
common development and distribution 1=CDDL-1.0
common development and distribution 1.1=CDDL-1.1
common development distribution=CDDL-1.0
cddl 1.1=CDDL-1.1
cecill b free agreement=CECILL-B
cecill c free agreement=CECILL-C
cecill=CECILL-2.1
cmu=MIT-CMU
historical permission notice and disclaimer hpnd=HPND
historical permission notice and disclaimer=HPND
common public=CPL-1.0
common public 1=CPL-1.0
cpl=CPL-1.0
curl=curl
eclipse public=EPL-1.0
eclipse public 1=EPL-1.0
eclipse public 2=EPL-2.0
epl=EPL-1.0
elastic 2=Elastic-2.0
elastic=Elastic-2.0
elv 2=Elastic-2.0
european union public 1.1=EUPL-1.1
european union public 1.2=EUPL-1.2
eupl=EUPL-1.2
expat=MIT
mit expat=MIT
expat mit=MIT
eu datagrid=EUDatagrid
freetype=FTL
freetype project=FTL
ftl=FTL
fsful=FSFUL
fsfullr=FSFULLR
fsfap=FSFAP
ijg=IJG
imagemagick=ImageMagick
internet systems consortium=ISC
isc license iscl=ISC
isc iscl=ISC
iscl=ISC
icu=ICU
jpeg=IJG
json=JSON
latex2e=Latex2e
latex 2 e=Latex2e
lucent public=LPL-1.02
lppl=LPPL-1.3c
libpng=Libpng
libtiff=libtiff
microsoft public=MS-PL
microsoft public mspl=MS-PL
ms pl=MS-PL
ms rl=MS-RL
microsoft reciprocal=MS-RL
mit=MIT
mit mit=MIT
mit x=X11
mit x 11=MIT
mitx 11=MIT
x 11 mit=MIT
mit old=HPND
mit like=HPND
mit 0=MIT-0
mit no attribution=MIT-0
mit with advertising=MIT-advertising
mozilla public=MPL-1.1
mozilla public 1=MPL-1.0
mozilla public 1.0=MPL-1.0
mozilla public 1.1=MPL-1.1
mozilla public 2=MPL-2.0
mpl=MPL-1.1
mpl 1=MPL-1.0
mpl 1.1=MPL-1.1
mpl 2=MPL-2.0
mplv 1.1=MPL-1.1
mplv 2=MPL-2.0
ncsa=NCSA
university of illinois ncsa=NCSA
netscape public=NPL-1.1
nosl=NOSL
ofl=OFL-1.1
ofl 1.1=OFL-1.1
sil ofl 1.1=OFL-1.1
sil font 1.1=OFL-1.1
sil 1.1=OFL-1.1
openssl=OpenSSL
openldap=OLDAP-2.8
openldap 2.8=OLDAP-2.8
osl=OSL-3.0
perl=Artistic-1.0-Perl OR GPL-1.0-or-later
perl 5=Artistic-1.0-Perl OR GPL-1.0-or-later
same as perl=Artistic-1.0-Perl OR GPL-1.0-or-later
same terms as perl=Artistic-1.0-Perl OR GPL-1.0-or-later
perl itself=Artistic-1.0-Perl OR GPL-1.0-or-later
pil=MIT-CMU
php=PHP-3.01
php 3=PHP-3.0
php 3.01=PHP-3.01
pcre=BSD-3-Clause
postgresql=PostgreSQL
psf=PSF-2.0
psfl=PSF-2.0
psf 2=PSF-2.0
psfrag=psfrag
python psf=PSF-2.0
python=PSF-2.0
python cnri=CNRI-Python
qpl=QPL-1.0
qt public=QPL-1.0
ruby=Ruby
rubys=Ruby
sendmail=Sendmail
server side public=SSPL-1.0
server side public 1=SSPL-1.0
sspl=SSPL-1.0
sspl 1=SSPL-1.0
sleepycat=Sleepycat
sun public=SPL-1.0
tcl=TCL
tcl tk=TCL
tcp wrappers=TCP-wrappers
bsd tcp wrappers=TCP-wrappers
texttabs=LicenseRef-TEXT-TABS
unicode=Unicode-DFS-2016
unicode dfs=Unicode-DFS-2016
unicode 3=Unicode-3.0
unlicense=Unlicense
unlicence=Unlicense
unlicense unlicense=Unlicense
the unlicense=Unlicense
upl=UPL-1.0
universal permissive=UPL-1.0
upl 1=UPL-1.0
vim=Vim
w 3 c=W3C
w3c=W3C
w 3 c software notice and=W3C
wtfpl=WTFPL
wtfpl 2=WTFPL
do what the fuck you want to public=WTFPL
do what the f want to public=WTFPL
wxwidgets=LGPL-2.0-or-later WITH WxWindows-exception-3.1
wxwindows=LGPL-2.0-or-later WITH WxWindows-exception-3.1
x 11=X11
x.net=Xnet
xfree 86=XFree86-1.1
zend=Zend-2.0
zlib=Zlib
zlib png=zlib-acknowledgement
zlib libpng=Zlib
zlib acknowledgement=zlib-acknowledgement
zpl=ZPL-2.1
zope public=ZPL-2.1
zope public 2=ZPL-2.0
zope public 2.1=ZPL-2.1
bitstream vera=Bitstream-Vera
commons clause=LicenseRef-Commons-Clause
intel simplified=LicenseRef-Intel-Simplified
hsieh bsd=BSD-3-Clause
hsieh derivative=LicenseRef-HSIEH-DERIVATIVE
gap=FSFAP
autoconf=FSFUL
permissive fsf=FSFULLR
mulanpsl 2=MulanPSL-2.0
mulan psl 2=MulanPSL-2.0
blueoak 1=BlueOak-1.0.0
bigcode openrail m=LicenseRef-BigCode-OpenRAIL-M
"""
URLS = """
apache.org/licenses/license-2.0=Apache-2.0
apache.org/licenses/license-1.1=Apache-1.1
opensource.org/licenses/apache2.0=Apache-2.0
opensource.org/licenses/bsd-license=BSD-2-Clause
opensource.org/licenses/mit-license=MIT
opensource.org/licenses/apache-license-2.0=Apache-2.0
opensource.org/licenses/eclipse-1.0=EPL-1.0
opensource.org/licenses/cddl1=CDDL-1.0
opensource.org/licenses/artistic-license=Artistic-1.0
opensource.org/licenses/lgpl-license=LGPL-2.1-or-later
opensource.org/licenses/gpl-license=GPL-2.0-or-later
opensource.org/licenses/zlib-license=Zlib
eclipse.org/legal/epl-v10=EPL-1.0
eclipse.org/legal/epl-v20=EPL-2.0
eclipse.org/legal/epl-2.0=EPL-2.0
eclipse.org/org/documents/epl-v10=EPL-1.0
eclipse.org/org/documents/epl-2.0=EPL-2.0
eclipse.org/org/documents/epl-2.0/epl-2.0=EPL-2.0
eclipse.org/org/documents/edl-v10=BSD-3-Clause
gnu.org/software/classpath/license=GPL-2.0-only WITH Classpath-exception-2.0
gnu.org/copyleft/gpl=GPL-3.0-only
gnu.org/copyleft/lesser=LGPL-3.0-only
gnu.org/licenses/gpl=GPL-3.0-only
gnu.org/licenses/lgpl=LGPL-3.0-only
mozilla.org/mpl/2.0=MPL-2.0
mozilla.org/en-us/mpl/2.0=MPL-2.0
mozilla.org/mpl/mpl-1.1=MPL-1.1
mozilla.org/mpl/1.1=MPL-1.1
unlicense.org=Unlicense
wtfpl.net=WTFPL
golang.org/license=BSD-3-Clause
bouncycastle.org/licence=MIT
bouncycastle.org/license=MIT
creativecommons.org/publicdomain/zero/1.0=CC0-1.0
json.org/license=JSON
boost.org/license_1_0=BSL-1.0
asm.objectweb.org/license=BSD-3-Clause
asm.ow2.org/license=BSD-3-Clause
postgresql.org/about/licence=PostgreSQL
go.microsoft.com/fwlink/?linkid=329770=LicenseRef-dotnet-library
oracle.com/technetwork/java/javase/terms/license=LicenseRef-Oracle-BCL
"""
EXCEPTION_NAMES = {
    "classpath": "Classpath-exception-2.0", "cpe": "Classpath-exception-2.0",
    "autoconf": "Autoconf-exception-generic", "autoconf 2": "Autoconf-exception-2.0",
    "autoconf 3": "Autoconf-exception-3.0", "bison": "Bison-exception-2.2",
    "bison 2.2": "Bison-exception-2.2", "gcc": "GCC-exception-3.1",
    "gcc runtime library": "GCC-exception-3.1", "rle 3.1": "GCC-exception-3.1",
    "gcc 3.1": "GCC-exception-3.1", "libtool": "Libtool-exception", "llvm": "LLVM-exception",
    "linux syscall note": "Linux-syscall-note", "font": "Font-exception-2.0",
    "texinfo": "Texinfo-exception", "tex": "Texinfo-exception",
    "automake": "Autoconf-exception-generic", "wxwindows": "WxWindows-exception-3.1",
    "ocaml linking": "OCaml-LGPL-linking-exception",
    "ocaml lgpl linking": "OCaml-LGPL-linking-exception", "u boot": "u-boot-exception-2.0",
    "foss": "Universal-FOSS-exception-1.0", "universal foss": "Universal-FOSS-exception-1.0",
    "swift": "Swift-exception", "runtime library": "Swift-exception", "ecos": "eCos-exception-2.0",
    "autoconf data": "Autoconf-exception-generic", "autoconf macros": "Autoconf-exception-macro",
    "autoconf macro": "Autoconf-exception-macro", "shl": "SHL-2.1",
    "bootloader": "Bootloader-exception",
}  # fmt: skip
VAGUE = {
    "bsd": "BSD", "bsd derived": "BSD", "bsd like": "BSD", "bsd variant": "BSD",
    "public domain": "public-domain", "pd": "public-domain", "probably pd": "public-domain",
    "publicdomain": "public-domain", "public": "public-domain", "proprietary": "Proprietary",
    "other proprietary": "Proprietary", "commercial": "Proprietary",
    "all rights reserved": "Proprietary", "unlicensed": "UNLICENSED", "freeware": "Freeware",
    "nvidia proprietary": "Proprietary", "private": "Proprietary", "closed": "Proprietary",
    "permissive": "permissive", "copyright only": "permissive", "none": "", "unknown": "",
    "noassertion": "", "creative commons": "CC", "dual": "", "other": "", "file": "",
    "restricted": "Proprietary", "eula": "Proprietary",
    "redistributable no modification permitted": "Proprietary", "distributable": "permissive",
    "free": "", "custom": "", "same": "", "custom none": "", "bsd and": "BSD", "cc": "CC",
}  # fmt: skip
"""Names that do not say which licence it is; they stay as names, and some have a category."""
