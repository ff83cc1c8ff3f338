"""Leads the connections of a Python process to the local AWS, as connections.js does for Node.js. A guard rail, and no sandbox."""
import builtins
import importlib.machinery
import importlib.util
import os
import re
import socket
import ssl
import subprocess
import sys
from urllib.parse import urlsplit

if not os.environ.get('LOCAL_AWS_ENDPOINT') or not os.environ.get('LOCAL_AWS_NAMES'):
    # It would reach AWS itself.
    print('A program between the rehearsal and this process passes PYTHONPATH on, and drops the variables that lead to the local AWS: '
          'let it pass AWS_*, CDK_* and LOCAL_AWS_*', file=sys.stderr, flush=True)
    os._exit(1)

_aws = re.compile(os.environ['LOCAL_AWS_NAMES'], re.I)
_local = ('127.0.0.1', urlsplit(os.environ['LOCAL_AWS_ENDPOINT']).port)
_loopback = re.compile(r'^(.*\.)?localhost$|^127\.|^::1$|^0\.0\.0\.0$', re.I)
_is_open = os.environ.get('LOCAL_AWS_OTHERS') == 'open'
_look_up = socket.getaddrinfo


def _getaddrinfo(host, port, *args, **kwargs):
    name = host.decode() if isinstance(host, bytes) else str(host or 'localhost')
    if _aws.search(name):
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, '', _local)]
    if _loopback.search(name):
        return _look_up('127.0.0.1' if name.endswith('.localhost') else host, port, *args, **kwargs)
    if _is_open:
        return _look_up(host, port, *args, **kwargs)
    message = f"{name}:{port} is not part of the local AWS, so no function connects to it. Only AWS's own names lead somewhere in a rehearsal."
    print(message, file=sys.stderr, flush=True)
    getattr(builtins, '_local_aws_refused', lambda what: None)(f'{name}:{port}')
    raise socket.gaierror(socket.EAI_NONAME, message)


socket.getaddrinfo = _getaddrinfo
_connect = socket.socket.connect


def _connect_led(self, address):
    # Whoever has not looked the name up here has it in the address.
    if self.family in (socket.AF_INET, socket.AF_INET6) and isinstance(address, tuple):
        name = str(address[0])
        if _aws.search(name) or not (_is_open or _loopback.search(name)):
            address = _getaddrinfo(name, address[1])[0][4]
    return _connect(self, address)


socket.socket.connect = _connect_led


class _Plain(socket.socket):
    """A connection to the local AWS where a client expects one of TLS."""

    name = ''

    def getpeercert(self, binary_form=False):
        # Clients such as urllib3 compare the name themselves.
        return b'' if binary_form else {'subjectAltName': (('DNS', self.name),)}

    def version(self):
        return 'TLSv1.3'

    def cipher(self):
        return ('none', 'TLSv1.3', 0)

    def selected_alpn_protocol(self):
        return None

    def do_handshake(self, block=False):
        pass

    def unwrap(self):
        return self

    def pending(self):
        return 0


_wrap = ssl.SSLContext.wrap_socket


def _wrap_led(self, sock, *args, **kwargs):
    try:
        is_local = sock.getpeername()[:2] == _local
    except OSError:
        is_local = False
    if not is_local:
        return _wrap(self, sock, *args, **kwargs)
    timeout = sock.gettimeout()
    plain = _Plain(sock.family, sock.type, sock.proto, fileno=sock.detach())
    plain.settimeout(timeout)
    plain.name = kwargs.get('server_hostname') or ''
    return plain


ssl.SSLContext.wrap_socket = _wrap_led

# Layers are not in /opt here.
_opt = os.environ.get('LOCAL_AWS_OPT')
if _opt:
    _popen = subprocess.Popen.__init__

    def _popen_led(self, args, *more, **kwargs):
        if isinstance(args, (list, tuple)) and str(args[0]).startswith('/opt/'):
            program = _opt + str(args[0])[4:]
            with open(program, 'rb') as file:
                is_python = re.match(rb'#!.*python', file.readline()) is not None
            args = ([sys.executable] if is_python else []) + [program, *args[1:]]
        return _popen(self, args, *more, **kwargs)

    subprocess.Popen.__init__ = _popen_led

# Python runs only the first file of this name. What the user's Python has of it runs as well.
_here = os.path.dirname(os.path.abspath(__file__))
_own = importlib.machinery.PathFinder.find_spec(__name__, [path for path in sys.path if os.path.abspath(path) != _here])
if _own is not None and _own.loader is not None:
    _own.loader.exec_module(importlib.util.module_from_spec(_own))
